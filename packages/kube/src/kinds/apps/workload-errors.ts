import type { LabelSelector, PodTemplateSpec } from "../../object.ts";
import { matchesLabelSelector } from "../../selectors/matches-label-selector.ts";
import { lastingPodErrors, podTemplateErrors } from "../core/pod/pod-template-errors.ts";
import { invalidValue, requiredValue, type FieldErrors } from "../field-error.ts";
import { labelSelectorErrors, shownLabels, shownSelector } from "../meta/label-errors.ts";

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
  yield* podTemplateErrors(`${field}.template`, template);
  yield* lastingPodErrors(`${field}.template`, template, "ReplicaSet");
}
