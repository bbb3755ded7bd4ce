import type { V1ReplicationController } from "@kubernetes/client-node";
import type { KubeObject, PodTemplateSpec, Unchecked } from "../../../object.ts";
import { matchesLabelSelector } from "../../../selectors/matches-label-selector.ts";
import { invalidValue, requiredValue, type FieldErrors } from "../../field-error.ts";
import { shownLabels } from "../../meta/label-errors.ts";
import { nonNegativeErrors } from "../../meta/number-errors.ts";
import { longName } from "../../meta/names.ts";
import { coreObjectMetaErrors, coreObjectMetaUpdateErrors } from "../../meta/object-meta-errors.ts";
import { lastingPodErrors, podTemplateErrors } from "../pod/pod-template-errors.ts";

/** What is wrong with a new ReplicationController. */
export function* replicationControllerErrors(object: KubeObject): FieldErrors {
  yield* coreObjectMetaErrors(object, longName);
  yield* specErrors((object as Unchecked<V1ReplicationController>).spec ?? {});
}

/** What is wrong with a change of a ReplicationController. */
export function* replicationControllerUpdateErrors(object: KubeObject, old: KubeObject): FieldErrors {
  yield* coreObjectMetaUpdateErrors(object, old);
  yield* specErrors((object as Unchecked<V1ReplicationController>).spec ?? {});
}

function* specErrors(spec: NonNullable<Unchecked<V1ReplicationController>["spec"]>): FieldErrors {
  const selector = (spec.selector ?? {}) as Readonly<Record<string, string>>;
  const template = spec.template as PodTemplateSpec | undefined;
  yield* nonNegativeErrors("spec.minReadySeconds", spec.minReadySeconds);
  if (Object.keys(selector).length === 0) yield requiredValue("spec.selector");
  yield* nonNegativeErrors("spec.replicas", spec.replicas);
  if (template === undefined) return yield requiredValue("spec.template");
  const labels = template.metadata?.labels;
  if (!matchesLabelSelector({ matchLabels: selector }, labels))
    yield invalidValue(
      "spec.template.metadata.labels",
      shownLabels(labels),
      "`selector` does not match template `labels`",
    );
  yield* podTemplateErrors("spec.template", template);
  yield* lastingPodErrors("spec.template", template, "ReplicationController");
}
