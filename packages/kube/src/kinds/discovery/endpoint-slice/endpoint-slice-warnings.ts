import type { EndpointSlice, KubeObject } from "../../../object.ts";
import { ipWarnings } from "../../meta/ip-address.ts";

const controllers = ["endpointslice-controller.k8s.io", "endpointslicemirroring-controller.k8s.io"];

/** What the API server warns of in an EndpointSlice, which it takes nevertheless. */
export function* endpointSliceWarnings(object: KubeObject, old: KubeObject | undefined): Generator<string> {
  const { addressType, endpoints = [] } = object as Partial<EndpointSlice>;
  if (old === undefined && addressType === "FQDN") yield "spec.addressType: FQDN endpoints are deprecated";
  if (controllers.includes(object.metadata.labels?.["endpointslice.kubernetes.io/managed-by"] ?? "")) return;
  for (const [index, { addresses }] of endpoints.entries())
    for (const [position, address] of addresses.entries())
      yield* ipWarnings(`endpoints[${index}].addresses[${position}]`, address);
}
