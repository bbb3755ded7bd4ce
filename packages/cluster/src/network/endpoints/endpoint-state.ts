import type { EndpointSlice } from "@seaworthy/kube";

/** One address of one Service port, as an EndpointSlice tells it. */
export interface EndpointState {
  /** The name of the Service port; "" when it has none. */
  readonly portName: string;
  /** `TCP` or `UDP`. */
  readonly protocol: string;
  readonly ip: string;
  readonly port: number;
  readonly ready: boolean;
  readonly serving: boolean;
  readonly terminating: boolean;
  /** The node of its pod, where it is one of a pod. */
  readonly nodeName?: string | undefined;
}

/** The endpoints that the slices of one Service tell together, each address and port once, in a stable order. */
export function endpointsOfSlices(slices: readonly EndpointSlice[]): readonly EndpointState[] {
  const endpoints = new Map(slices.flatMap(endpointsOfSlice));
  return [...endpoints].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, endpoint]) => endpoint);
}

type NamedEndpoint = readonly [name: string, endpoint: EndpointState];

/** A change leaves most slices of a large Service as they were. */
const known = new WeakMap<EndpointSlice, readonly NamedEndpoint[]>();

function endpointsOfSlice(slice: EndpointSlice): readonly NamedEndpoint[] {
  const before = known.get(slice);
  if (before !== undefined) return before;
  const endpoints = slice.addressType === "IPv4" ? [...readEndpoints(slice)] : [];
  known.set(slice, endpoints);
  return endpoints;
}

function* readEndpoints({ endpoints, ports }: EndpointSlice): Iterable<NamedEndpoint> {
  for (const { addresses, conditions, nodeName } of endpoints ?? []) {
    // Absent conditions: ready means true, serving means as ready, terminating means false.
    const ready = conditions?.ready ?? true;
    const serving = conditions?.serving ?? ready;
    const terminating = conditions?.terminating ?? false;
    for (const { name = "", port, protocol = "TCP" } of ports ?? []) {
      if (port === undefined) continue;
      // All addresses of an endpoint are fungible and consumers use the first (discovery/v1 types.go).
      const ip = addresses[0];
      if (ip === undefined) continue;
      const state = { portName: name, protocol, ip, port, ready, serving, terminating, nodeName };
      yield [`${name} ${protocol} ${ip}:${port}`, state];
    }
  }
}

/** KEP-1669 (pkg/proxy/topology.go): ready endpoints; if there is none, those that terminate but still serve. */
export function routable(own: readonly EndpointState[]): readonly EndpointState[] {
  const ready = own.filter((endpoint) => endpoint.ready);
  return ready.length > 0 ? ready : own.filter((endpoint) => endpoint.serving && endpoint.terminating);
}

/** The address of an endpoint as it stands in messages and reports. */
export function peerOf(endpoint: { readonly ip: string; readonly port: number }): string {
  return `${endpoint.ip}:${endpoint.port}`;
}
