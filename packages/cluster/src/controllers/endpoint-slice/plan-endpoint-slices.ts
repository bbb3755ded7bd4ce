import { type Endpoint, type EndpointSlice, type Service, deepEqual } from "@seaworthy/kube";
import { controllerReference } from "../pod-owners/claim-objects.ts";
import type { PodEndpoint, ResolvedPort } from "./service-endpoints.ts";

/** The labels of a slice by which its Service and its maker are known. */
export const sliceLabels = {
  serviceName: "kubernetes.io/service-name",
  managedBy: "endpointslice.kubernetes.io/managed-by",
  headless: "service.kubernetes.io/headless",
} as const;

/** The value of the managed-by label: slices of others are left alone. */
export const sliceManager = "endpointslice-controller.k8s.io";

/** The most endpoints that one slice holds. */
export const maxEndpointsPerSlice = 100;

/** What must be written so that the slices show the endpoints. */
export interface SlicePlan {
  readonly create: readonly EndpointSlice[];
  readonly update: readonly EndpointSlice[];
  readonly remove: readonly EndpointSlice[];
}

/**
 * Spreads the endpoints over slices with as few writes as possible: an endpoint stays in the slice where it is,
 * new ones fill slices that change anyway, then slices with room, then new slices
 * (k8s.io/endpointslice/reconciler.go, reconcileByPortMapping).
 */
export function planEndpointSlices(
  service: Service,
  wanted: readonly PodEndpoint[],
  present: readonly EndpointSlice[],
): SlicePlan {
  const create: EndpointSlice[] = [];
  const update: EndpointSlice[] = [];
  const remove: EndpointSlice[] = [];
  const unmatched = new Set(present.filter((slice) => slice.addressType === "IPv4"));
  for (const { ports, endpoints } of byPorts(wanted)) {
    const slices = [...unmatched].filter((slice) => portsKey(slice.ports ?? []) === portsKey(ports));
    for (const slice of slices) unmatched.delete(slice);
    for (const { slice, endpoints: content, changed } of fill(slices, endpoints)) {
      const next = describe(service, slice, ports, content);
      if (slice === undefined) create.push(next);
      else if (content.length === 0) remove.push(slice);
      else if (changed || !sameLabels(slice, next)) update.push(next);
    }
  }
  // A Service without endpoints keeps one empty slice, so that a reader sees that there are none.
  const spare = wanted.length === 0 ? [...unmatched][0] : undefined;
  if (wanted.length === 0 && spare === undefined) create.push(describe(service, undefined, [], []));
  if (spare !== undefined) {
    unmatched.delete(spare);
    const next = describe(service, spare, [], []);
    const empty = (spare.endpoints ?? []).length === 0 && (spare.ports ?? []).length === 0;
    if (!empty || !sameLabels(spare, next)) update.push(next);
  }
  remove.push(...unmatched);
  return { create, update, remove };
}

interface Filled {
  readonly slice: EndpointSlice | undefined;
  endpoints: Endpoint[];
  changed: boolean;
}

function fill(slices: readonly EndpointSlice[], wanted: readonly Endpoint[]): Filled[] {
  const left = new Map(wanted.map((endpoint) => [identity(endpoint), endpoint]));
  const filled: Filled[] = slices.map((slice) => {
    const endpoints: Endpoint[] = [];
    let changed = false;
    for (const endpoint of slice.endpoints ?? []) {
      const next = left.get(identity(endpoint));
      left.delete(identity(endpoint));
      if (next !== undefined) endpoints.push(next);
      changed ||= next === undefined || !deepEqual(next, endpoint);
    }
    return { slice, endpoints, changed };
  });
  const rest = [...left.values()];
  for (const one of filled.toSorted((a, b) => Number(b.changed) - Number(a.changed))) {
    const taken = rest.splice(0, maxEndpointsPerSlice - one.endpoints.length);
    one.endpoints.push(...taken);
    one.changed ||= taken.length > 0;
  }
  while (rest.length > 0) {
    filled.push({ slice: undefined, endpoints: rest.splice(0, maxEndpointsPerSlice), changed: true });
  }
  return filled;
}

function byPorts(wanted: readonly PodEndpoint[]) {
  const groups = new Map<string, { ports: readonly ResolvedPort[]; endpoints: Endpoint[] }>();
  for (const { endpoint, ports } of wanted) {
    const key = portsKey(ports);
    const group = groups.get(key) ?? { ports, endpoints: [] };
    group.endpoints.push(endpoint);
    groups.set(key, group);
  }
  return groups.values();
}

function describe(
  service: Service,
  present: EndpointSlice | undefined,
  ports: readonly ResolvedPort[],
  endpoints: readonly Endpoint[],
): EndpointSlice {
  const { name, namespace } = service.metadata;
  const labels = {
    ...service.metadata.labels,
    [sliceLabels.serviceName]: name,
    [sliceLabels.managedBy]: sliceManager,
    ...(service.spec.clusterIP === "None" ? { [sliceLabels.headless]: "" } : {}),
  };
  const metadata =
    present === undefined
      ? {
          name: "",
          generateName: `${name}-`,
          ...(namespace === undefined ? {} : { namespace }),
          ownerReferences: [controllerReference(service)],
        }
      : present.metadata;
  return {
    apiVersion: "discovery.k8s.io/v1",
    kind: "EndpointSlice",
    metadata: { ...metadata, labels },
    addressType: "IPv4",
    endpoints: [...endpoints],
    ports: ports.map((port) => ({ ...port })),
  };
}

function sameLabels(left: EndpointSlice, right: EndpointSlice): boolean {
  return deepEqual(left.metadata.labels ?? {}, right.metadata.labels ?? {});
}

/** An endpoint is the same while its pod is: the address alone may already belong to the next pod. */
function identity({ addresses, targetRef }: Endpoint): string {
  return `${addresses.join()} ${targetRef?.uid ?? ""}`;
}

/** Ports as a text that is the same for the same ports in any order. */
export function portsKey(
  ports: readonly { name?: string; port?: number; protocol?: string; appProtocol?: string }[],
): string {
  return ports
    .map(
      ({ name = "", port, protocol = "TCP", appProtocol = "" }) =>
        `${name}/${port}/${protocol}/${appProtocol}`,
    )
    .toSorted()
    .join();
}
