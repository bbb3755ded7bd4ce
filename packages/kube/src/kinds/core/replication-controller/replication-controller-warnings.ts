import type { KubeObject } from "../../../object.ts";
import { podNameWarnings, templateIn } from "../../apps/workload-warnings.ts";
import { podWarnings } from "../pod/pod-warnings.ts";

/** What the API server warns of in a ReplicationController. Of a change it looks at the template that was. */
export function* replicationControllerWarnings(
  object: KubeObject,
  old: KubeObject | undefined,
): Generator<string> {
  if (old === undefined) yield* podNameWarnings(object);
  if (old === undefined || old.metadata.generation !== object.metadata.generation)
    yield* podWarnings("spec.template", templateIn(old ?? object));
}
