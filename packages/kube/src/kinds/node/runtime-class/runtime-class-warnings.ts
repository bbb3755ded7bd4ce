import type { V1RuntimeClass } from "@kubernetes/client-node";
import type { KubeObject, Unchecked } from "../../../object.ts";
import { deprecatedNodeLabels } from "../../core/node/deprecated-node-labels.ts";

/** What the API server warns of in a RuntimeClass, which it takes nevertheless. */
export function* runtimeClassWarnings(object: KubeObject): Generator<string> {
  for (const key of Object.keys((object as Unchecked<V1RuntimeClass>).scheduling?.nodeSelector ?? {})) {
    const message = deprecatedNodeLabels[key];
    if (message !== undefined) yield `scheduling.nodeSelector: ${message}`;
  }
}
