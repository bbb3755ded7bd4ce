import { unlessNotFound } from "../reconciler/unless-not-found.ts";
import { isAlreadyExists } from "@seaworthy/client";
import {
  deepEqual,
  resourceTypes,
  type Endpoints,
  type EndpointSlice,
  type Pod,
  type Service,
  serviceSelectsPod,
} from "@seaworthy/kube";
import { controllerOf } from "../pod-owners/claim-objects.ts";
import { keyOf, splitKey, type ControllerContext } from "../reconciler/controller-context.ts";
import { startReconciler, watch, keysBothWays } from "../reconciler/start-reconciler.ts";
import { planEndpointSlices, sliceLabels, sliceManager } from "./plan-endpoint-slices.ts";
import { servicesOf } from "./services-of.ts";
import { overCapacity, planEndpoints } from "./plan-endpoints.ts";
import { endpointsOf } from "./service-endpoints.ts";

/** Keeps EndpointSlices, and the legacy Endpoints, of every Service that has a selector. */
export async function startEndpointSliceController(context: ControllerContext): Promise<AsyncDisposable> {
  const { client, informers } = context;
  const services = informers.of<Service>(resourceTypes.services);
  const allPods = informers.of<Pod>(resourceTypes.pods);
  const slices = informers.of<EndpointSlice>(resourceTypes.endpointslices);
  const allEndpoints = informers.of<Endpoints>(resourceTypes.endpoints);

  /** The slices are read from the API, not from a cache: a stale cache would make a second slice. */
  async function writeSlices(service: Service, pods: ReturnType<typeof endpointsOf>): Promise<void> {
    const { name, namespace = "", uid } = service.metadata;
    const labelSelector = `${sliceLabels.serviceName}=${name},${sliceLabels.managedBy}=${sliceManager}`;
    const type = resourceTypes.endpointslices;
    const { items } = await client.list<EndpointSlice>(type, { namespace, labelSelector });
    // Those of a Service of the same name that was deleted are left to the garbage collector.
    const own = items.filter((slice) => controllerOf(slice)?.uid === uid);
    const plan = planEndpointSlices(service, pods, own);
    for (const slice of plan.create) await client.create(type, slice);
    for (const slice of plan.update) await client.update(type, slice);
    for (const slice of plan.remove) {
      await client.delete(type, namespace, slice.metadata.name).catch(unlessNotFound);
    }
  }

  async function writeEndpoints(service: Service, pods: ReturnType<typeof endpointsOf>): Promise<void> {
    const type = resourceTypes.endpoints;
    const { name, namespace } = service.metadata;
    const wanted = planEndpoints(service, pods);
    const present = await client.get<Endpoints>(type, namespace, name).catch(unlessNotFound);
    if (present === undefined) {
      await client.create(type, wanted).catch((error: unknown) => {
        if (!isAlreadyExists(error)) throw error;
      });
      return;
    }
    const same =
      deepEqual(present.subsets ?? [], wanted.subsets ?? []) &&
      deepEqual(present.metadata.labels ?? {}, wanted.metadata.labels ?? {}) &&
      present.metadata.annotations?.[overCapacity] === wanted.metadata.annotations?.[overCapacity];
    if (same) return;
    const { [overCapacity]: _before, ...others } = present.metadata.annotations ?? {};
    const annotations = { ...others, ...wanted.metadata.annotations };
    const metadata = { ...present.metadata, annotations, labels: wanted.metadata.labels ?? {} };
    await client.update<Endpoints>(type, { ...wanted, metadata });
  }

  /** Endpoints have no owner reference; the slices have one, and the garbage collector deletes them. */
  async function deleteEndpoints(namespace: string, name: string): Promise<void> {
    await client.delete(resourceTypes.endpoints, namespace, name).catch(unlessNotFound);
  }

  const selecting = (pod: Pod) =>
    services
      .list(pod.metadata.namespace)
      .filter((service) => serviceSelectsPod(service, pod))
      .map(keyOf);

  return await startReconciler(context, {
    name: "endpoint-slice-controller",
    workers: 4,
    watches: [
      watch(services, ({ object }) => [keyOf(object)]),
      watch(allPods, (change) => keysBothWays(change, selecting)),
      // What somebody takes away comes back.
      watch(slices, ({ type, object }) => (type === "deleted" ? servicesOf(object, sliceManager) : [])),
      watch(allEndpoints, ({ type, object }) => (type === "deleted" ? [keyOf(object)] : [])),
    ],
    async sync(key) {
      const { namespace, name } = splitKey(key);
      const service = services.get(namespace, name);
      if (service === undefined) return await deleteEndpoints(namespace, name);
      const hasSelector = Object.keys(service.spec.selector ?? {}).length > 0;
      const isOurs = hasSelector && service.spec.type !== "ExternalName";
      if (!isOurs || service.metadata.deletionTimestamp !== undefined) return;
      const pods = endpointsOf(service, allPods.list(namespace));
      await writeSlices(service, pods);
      await writeEndpoints(service, pods);
    },
  });
}
