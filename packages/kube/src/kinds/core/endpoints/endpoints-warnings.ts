import type { Endpoints, KubeObject } from "../../../object.ts";
import { ipWarnings } from "../../meta/ip-address.ts";

/** What the API server warns of in Endpoints that no controller wrote, which it takes nevertheless. */
export function* endpointsWarnings(object: KubeObject): Generator<string> {
  if (object.metadata.labels?.["endpoints.kubernetes.io/managed-by"] === "endpoint-controller") return;
  for (const [index, subset] of ((object as Endpoints).subsets ?? []).entries())
    for (const list of ["addresses", "notReadyAddresses"] as const)
      for (const [position, { ip = "" }] of (subset[list] ?? []).entries())
        yield* ipWarnings(`subsets[${index}].${list}[${position}].ip`, ip);
}
