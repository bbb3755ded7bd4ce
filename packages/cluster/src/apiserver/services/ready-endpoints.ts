import type { EndpointSlice } from "@seaworthy/kube";
import type { ApiContext } from "../api-context.ts";

/** A pod's address, and the ports of the Service as they are there. */
export interface ReadyEndpoint {
  readonly ip: string;
  readonly ports: NonNullable<EndpointSlice["ports"]>;
}

/** The endpoints of a Service that are ready. */
export function readyEndpoints({ store }: ApiContext, namespace: string, service: string): ReadyEndpoint[] {
  return store.list("discovery.k8s.io/endpointslices", namespace).flatMap(({ object }) => {
    const { metadata, endpoints, ports } = object as EndpointSlice;
    if (metadata.labels?.["kubernetes.io/service-name"] !== service) return [];
    const ready = (endpoints ?? []).filter(({ conditions }) => conditions?.ready !== false);
    return ready.flatMap(({ addresses: [ip] }) => (ip === undefined ? [] : [{ ip, ports: ports ?? [] }]));
  });
}

/** One of the places where a port of a Service is served, by the port's name; undefined where there is none. */
export function choosePlace(
  { random }: ApiContext,
  endpoints: readonly ReadyEndpoint[],
  portName: string,
): { readonly ip: string; readonly port: string } | undefined {
  const places = endpoints.flatMap(({ ip, ports }) =>
    ports.flatMap((each) => ((each.name ?? "") === portName ? [{ ip, port: String(each.port ?? "") }] : [])),
  );
  return places[Math.floor(random() * places.length)];
}
