import type { KubeObject, Node } from "../../../object.ts";
import { cidrWarnings } from "../../meta/ip-address.ts";

/** What the API server warns of in a node, which it takes nevertheless. */
export function* nodeWarnings(object: KubeObject): Generator<string> {
  const { configSource, externalID = "", podCIDRs = [] } = (object as Node).spec ?? {};
  if (configSource !== undefined) yield "spec.configSource: the feature is removed";
  if (externalID !== "") yield "spec.externalID: this field is deprecated, and is unused by Kubernetes";
  for (const [index, range] of podCIDRs.entries()) yield* cidrWarnings(`spec.podCIDRs[${index}]`, range);
}
