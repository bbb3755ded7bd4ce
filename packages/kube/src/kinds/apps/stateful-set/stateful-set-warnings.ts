import type { V1StatefulSet } from "@kubernetes/client-node";
import type { KubeObject, Unchecked } from "../../../object.ts";
import { claimSpecWarnings } from "../../core/persistent-volume-claim/persistent-volume-claim-warnings.ts";
import { podWarnings } from "../../core/pod/pod-warnings.ts";
import { templateIn } from "../workload-warnings.ts";

/** What the API server warns of in a StatefulSet, which it takes nevertheless. */
export function* statefulSetWarnings(object: KubeObject, old: KubeObject | undefined): Generator<string> {
  const { volumeClaimTemplates = [], revisionHistoryLimit = 0 } =
    (object as Unchecked<V1StatefulSet>).spec ?? {};
  if (old?.metadata.generation === undefined || old.metadata.generation !== object.metadata.generation)
    yield* podWarnings("spec.template", templateIn(object));
  for (const [index, claim] of volumeClaimTemplates.entries()) {
    const at = `spec.volumeClaimTemplates[${index}]`;
    // Kubernetes names the spec only where the object is changed, and with a capital.
    yield* claimSpecWarnings(old === undefined ? at : `${at}.Spec`, claim.spec ?? {});
  }
  if (revisionHistoryLimit < 0)
    yield "spec.revisionHistoryLimit: a negative value retains all historical revisions; a value >= 0 is recommended";
}
