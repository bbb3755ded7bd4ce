import { deepEqual } from "../../../deep-equal.ts";
import type { KubeObject } from "../../../object.ts";
import { podWarnings } from "../../core/pod/pod-warnings.ts";
import { templateIn } from "../workload-warnings.ts";

/** What the API server warns of in a DaemonSet, which it takes nevertheless. */
export function* daemonSetWarnings(object: KubeObject, old: KubeObject | undefined): Generator<string> {
  const template = templateIn(object);
  if (old === undefined || !deepEqual(template, templateIn(old)))
    yield* podWarnings("spec.template", template);
}
