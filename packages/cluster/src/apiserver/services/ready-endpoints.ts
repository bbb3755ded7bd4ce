import type { EndpointSlice } from "@seaworthy/kube";
import type { ApiContext } from "../api-context.ts";

/** A pod's address, and the ports of the Service as they are there. */
export interface ReadyEndpoint {
  readonly ip: string;
  readonly ports: NonNullable<EndpointSlice["ports"]>;
}

/** The endpoints of a Service that are ready. */
export function readyEndpoints(context: ApiContext, namespace: string, service: string): ReadyEndpoint[] {
  return slicesOf(context, namespace, service).flatMap(({ endpoints, ports }) => {
    const ready = (endpoints ?? []).filter(({ conditions }) => conditions?.ready !== false);
    return ready.flatMap(({ addresses: [ip] }) => (ip === undefined ? [] : [{ ip, ports: ports ?? [] }]));
  });
}

/** The EndpointSlices of a Service. */
export function slicesOf({ store }: ApiContext, namespace: string, service: string): EndpointSlice[] {
  return store
    .list("discovery.k8s.io/endpointslices", namespace)
    .map(({ object }) => object as EndpointSlice)
    .filter(({ metadata }) => metadata.labels?.["kubernetes.io/service-name"] === service);
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
