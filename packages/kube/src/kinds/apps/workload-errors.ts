import type { LabelSelector, PodSpec, PodTemplateSpec } from "../../object.ts";
import { matchesLabelSelector } from "../../selectors/matches-label-selector.ts";
import {
  forbiddenValue,
  invalidValue,
  requiredValue,
  unsupportedValue,
  type FieldErrors,
} from "../field-error.ts";
import { labelErrors, labelSelectorErrors, shownLabels, shownSelector } from "../meta/label-errors.ts";
import { annotationErrors } from "../meta/object-meta-errors.ts";
import { podAnnotationErrors } from "../core/pod/pod-errors.ts";
import { podSpecErrors } from "../core/pod/validation/pod-spec-errors.ts";

/** What is wrong with the selector and the template of a Deployment or ReplicaSet. */
export function* workloadErrors(
  field: string,
  spec: { readonly selector?: LabelSelector; readonly template?: PodTemplateSpec },
): FieldErrors {
  const { selector } = spec;
  const at = `${field}.selector`;
  const errors = [...labelSelectorErrors(at, selector)];
  const isEmpty =
    Object.keys(selector?.matchLabels ?? {}).length + (selector?.matchExpressions ?? []).length === 0;
  if (selector === undefined) yield requiredValue(at);
  yield* errors;
  // Kubernetes says deployment of every kind.
  if (selector !== undefined && isEmpty)
    yield invalidValue(at, shownSelector(selector), "empty selector is invalid for deployment");
  if (errors.length > 0) return yield invalidValue(at, shownSelector(selector), "invalid label selector");
  const template = spec.template ?? ({} as Partial<PodTemplateSpec>);
  const labels = template.metadata?.labels;
  const matches = selector !== undefined && (isEmpty || matchesLabelSelector(selector, labels));
  if (!matches)
    yield invalidValue(
      `${field}.template.metadata.labels`,
      shownLabels(labels),
      "`selector` does not match template `labels`",
    );
  yield* templateErrors(`${field}.template`, template);
}

function* templateErrors(field: string, template: Partial<PodTemplateSpec>): FieldErrors {
  const spec = template.spec ?? ({} as PodSpec);
  yield* labelErrors(`${field}.labels`, template.metadata?.labels);
  yield* annotationErrors(`${field}.annotations`, template.metadata?.annotations);
  yield* podAnnotationErrors(`${field}.annotations`, template.metadata);
  yield* podSpecErrors(`${field}.spec`, spec);
  if ((spec.ephemeralContainers ?? []).length > 0)
    yield forbiddenValue(
      `${field}.spec.ephemeralContainers`,
      "ephemeral containers not allowed in pod template",
    );
  const { restartPolicy = "Always" } = spec;
  if (restartPolicy !== "Always")
    yield unsupportedValue(`${field}.spec.restartPolicy`, restartPolicy, ["Always"]);
  if (spec.activeDeadlineSeconds !== undefined)
    yield forbiddenValue(
      `${field}.spec.activeDeadlineSeconds`,
      "activeDeadlineSeconds in ReplicaSet is not Supported",
    );
}
