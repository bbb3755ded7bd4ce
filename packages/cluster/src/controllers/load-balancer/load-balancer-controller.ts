import { deepEqual, resourceTypes, type Service } from "@seaworthy/kube";
import { keyOf, splitKey, type ControllerContext } from "../reconciler/controller-context.ts";
import { startReconciler, watch } from "../reconciler/start-reconciler.ts";
import { unlessNotFound } from "../reconciler/unless-not-found.ts";

/** What load balancers have: addresses beside those of nodes, which lead nowhere but where Services lead. */
const loadBalancerIps = Array.from({ length: 254 }, (_, index) => `10.245.1.${index + 1}`);

/**
 * Gives each Service of the type LoadBalancer an address, as a cloud's controller does
 * (k8s.io/cloud-provider/controllers/service), and takes it back when the type changes. A `loadBalancerClass` is somebody
 * else's to look after.
 */
export async function startLoadBalancerController(context: ControllerContext): Promise<AsyncDisposable> {
  const { client, informers } = context;
  const type = resourceTypes.services;

  /** The lowest address that no Service has; undefined when all are given. */
  async function freeIp(): Promise<string | undefined> {
    const { items } = await client.list<Service>(type);
    const taken = new Set(items.flatMap(ipsOf));
    return loadBalancerIps.find((ip) => !taken.has(ip));
  }

  return await startReconciler(context, {
    name: "service-controller",
    watches: [
      watch(informers.of<Service>(type), (change) => {
        const isSame =
          change.type === "updated" &&
          deepEqual(change.old.spec, change.object.spec) &&
          deepEqual(change.old.status, change.object.status);
        return change.type === "deleted" || isSame ? [] : [keyOf(change.object)];
      }),
    ],
    async sync(key, { events }) {
      const { namespace, name } = splitKey(key);
      const service = await client.get<Service>(type, namespace, name).catch(unlessNotFound);
      if (service === undefined || service.metadata.deletionTimestamp !== undefined) return;
      const own = ipsOf(service);
      const isOurs = own.some((ip) => loadBalancerIps.includes(ip));
      if (!isLoadBalancer(service)) {
        if (isOurs)
          await client.update<Service>(type, { ...service, status: { loadBalancer: {} } }, "status");
        return;
      }
      if (own.length > 0) return;
      const ip = await freeIp();
      if (ip === undefined) throw new RangeError("no address for a load balancer is free");
      const status = { ...service.status, loadBalancer: { ingress: [{ ip, ipMode: "VIP" }] } };
      await client.update<Service>(type, { ...service, status }, "status");
      events.event(service, "Normal", "EnsuredLoadBalancer", "Ensured load balancer");
    },
  });
}

function isLoadBalancer({ spec: { type, loadBalancerClass } }: Service): boolean {
  return type === "LoadBalancer" && loadBalancerClass === undefined;
}

function ipsOf({ status }: Service): string[] {
  return (status?.loadBalancer?.ingress ?? []).flatMap(({ ip }) => ip ?? []);
}
