import { resourceTypes, type Endpoints, type EndpointSlice, type Service } from "@seaworthy/kube";
import { sliceLabels } from "../endpoint-slice/plan-endpoint-slices.ts";
import { servicesOf } from "../endpoint-slice/services-of.ts";
import { keyOf, splitKey, type ControllerContext } from "../reconciler/controller-context.ts";
import { startReconciler, watch, keysBothWays } from "../reconciler/start-reconciler.ts";
import { unlessNotFound } from "../reconciler/unless-not-found.ts";
import { mirrorManager, mostMirrored, planMirroredSlices } from "./plan-mirrored-slices.ts";

/**
 * Makes EndpointSlices of Endpoints that somebody wrote by hand for a Service without a selector, since routes are made of
 * slices only (k8s.io/kubernetes/pkg/controller/endpointslicemirroring).
 */
export async function startEndpointSliceMirroringController(
  context: ControllerContext,
): Promise<AsyncDisposable> {
  const { client, informers } = context;
  const services = informers.of<Service>(resourceTypes.services);
  const allEndpoints = informers.of<Endpoints>(resourceTypes.endpoints);
  const slices = informers.of<EndpointSlice>(resourceTypes.endpointslices);
  const type = resourceTypes.endpointslices;

  /** What is to be mirrored; undefined when nothing is. */
  function mirrored(namespace: string, name: string): Endpoints | undefined {
    const service = services.get(namespace, name);
    const endpoints = allEndpoints.get(namespace, name);
    if (service === undefined || hasSelector(service)) return undefined;
    return endpoints !== undefined && isMirrored(endpoints) ? endpoints : undefined;
  }

  return await startReconciler(context, {
    name: "endpoint-slice-mirroring-controller",
    workers: 4,
    watches: [
      watch(services, (change) => {
        const before = change.type === "updated" ? change.old : change.object;
        return hasSelector(before) && hasSelector(change.object) ? [] : [keyOf(change.object)];
      }),
      // Those of Services with a selector are made of their pods, as the slices are.
      watch(allEndpoints, ({ object }) => {
        const service = services.get(object.metadata.namespace, object.metadata.name);
        return service !== undefined && hasSelector(service) ? [] : [keyOf(object)];
      }),
      watch(slices, (change) => keysBothWays(change, (slice) => servicesOf(slice, mirrorManager))),
    ],
    async sync(key, { events }) {
      const { namespace, name } = splitKey(key);
      // The slices are read from the API, not from a cache: a stale cache would make a second slice.
      const labelSelector = `${sliceLabels.serviceName}=${name},${sliceLabels.managedBy}=${mirrorManager}`;
      const { items } = await client.list<EndpointSlice>(type, { namespace, labelSelector });
      const endpoints = mirrored(namespace, name);
      const plan =
        endpoints === undefined
          ? { create: [], update: [], remove: items, leftOut: 0 }
          : planMirroredSlices(endpoints, items);
      if (endpoints?.metadata.deletionTimestamp === undefined)
        for (const slice of plan.create) await client.create(type, slice);
      for (const slice of plan.update) await client.update(type, slice);
      for (const slice of plan.remove)
        await client.delete(type, namespace, slice.metadata.name).catch(unlessNotFound);
      if (endpoints !== undefined && plan.leftOut > 0)
        events.event(
          endpoints,
          "Warning",
          "TooManyAddressesToMirror",
          `A max of ${mostMirrored} addresses can be mirrored to EndpointSlices per Endpoints subset. ${plan.leftOut} addresses were skipped`,
        );
    },
  });
}

function hasSelector({ spec: { selector } }: Service): boolean {
  return Object.keys(selector ?? {}).length > 0;
}

/** Not what asks to be left alone, and not what is a lock and only looks like Endpoints. */
function isMirrored({ metadata: { labels, annotations } }: Endpoints): boolean {
  return (
    labels?.["endpointslice.kubernetes.io/skip-mirror"] !== "true" &&
    annotations?.["control-plane.alpha.kubernetes.io/leader"] === undefined
  );
}
