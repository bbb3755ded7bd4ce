import type { Change, Informer } from "@seaworthy/client";
import type { EndpointSlice } from "@seaworthy/kube";
import { endpointsOfSlices, type EndpointState } from "./endpoint-state.ts";
import { noEndpoints, type EndpointView } from "./endpoint-view.ts";

/** The EndpointSlices of each Service, by its key (`serviceKey`). */
export interface SlicesByService extends Disposable {
  get(service: string): readonly EndpointSlice[];
  /** Keeps a view fed with what the slices say, from what they say now. */
  feed(view: Pick<EndpointView, "update">): void;
}

/** The label by which a slice names its Service. */
const serviceNameLabel = "kubernetes.io/service-name";

/** Makes an index over slices, so that nobody has to look at those of all Services for those of one. */
export function indexSlices(slices: Informer<EndpointSlice>): SlicesByService {
  const byService = new Map<string, Map<string, EndpointSlice>>();
  const views: Pick<EndpointView, "update">[] = [];
  const get = (service: string) => [...(byService.get(service)?.values() ?? [])];

  function set(service: string, name: string, slice: EndpointSlice | undefined): void {
    const own = byService.get(service) ?? new Map<string, EndpointSlice>();
    if (slice === undefined) own.delete(name);
    else own.set(name, slice);
    if (own.size === 0) byService.delete(service);
    else byService.set(service, own);
  }

  /** Views get to know of every change, and few ask what the endpoints were after each. */
  function tell(service: string, to: readonly Pick<EndpointView, "update">[]): void {
    const own = get(service);
    let known: readonly EndpointState[] | undefined;
    const endpoints = own.length === 0 ? noEndpoints : () => (known ??= endpointsOfSlices(own));
    for (const view of to) view.update(service, endpoints);
  }

  const unsubscribe = slices.onChange((change: Change<EndpointSlice>) => {
    const { object } = change;
    const service = serviceOf(object);
    const before = change.type === "updated" ? serviceOf(change.old) : undefined;
    if (before !== undefined && before !== service) set(before, object.metadata.name, undefined);
    if (service !== undefined)
      set(service, object.metadata.name, change.type === "deleted" ? undefined : object);
    // Real controllers compare too: a change of labels alone does not cost a sync.
    const isSame =
      change.type === "updated" && before === service && addressesOf(change.old) === addressesOf(object);
    if (isSame) return;
    for (const key of new Set([before, service])) if (key !== undefined) tell(key, views);
  });

  return {
    get,
    feed(view) {
      views.push(view);
      for (const key of byService.keys()) tell(key, [view]);
    },
    [Symbol.dispose]: unsubscribe,
  };
}

function serviceOf({ metadata: { namespace = "", labels } }: EndpointSlice): string | undefined {
  const service = labels?.[serviceNameLabel];
  return service === undefined ? undefined : `${namespace}/${service}`;
}

function addressesOf({ addressType, endpoints, ports }: EndpointSlice): string {
  return JSON.stringify([addressType, endpoints, ports]);
}
