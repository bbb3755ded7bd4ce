import type { V1DaemonSet, V1DaemonSetUpdateStrategy } from "@kubernetes/client-node";
import { inGo } from "../../../go/in-go.ts";
import type { KubeObject, LabelSelector, PodTemplateSpec, Unchecked } from "../../../object.ts";
import { matchesLabelSelector } from "../../../selectors/matches-label-selector.ts";
import { lastingPodErrors, podTemplateErrors } from "../../core/pod/pod-template-errors.ts";
import { invalidValue, requiredValue, unsupportedValue, type FieldErrors } from "../../field-error.ts";
import { immutableFieldErrors } from "../../meta/immutable-field-errors.ts";
import {
  intOrPercentErrors,
  intOrPercentValue,
  over100PercentErrors,
} from "../../meta/int-or-percent-errors.ts";
import { labelSelectorErrors, shownLabels, shownSelector } from "../../meta/label-errors.ts";
import { nonNegativeErrors } from "../../meta/number-errors.ts";
import { coreObjectMetaErrors, coreObjectMetaUpdateErrors } from "../../meta/object-meta-errors.ts";

/** What is wrong with a new DaemonSet. */
export function* daemonSetErrors(object: KubeObject): FieldErrors {
  yield* coreObjectMetaErrors(object);
  yield* specErrors(object);
}

/** What is wrong with a change of a DaemonSet. */
export function* daemonSetUpdateErrors(object: KubeObject, old: KubeObject): FieldErrors {
  const { selector } = (object as Unchecked<V1DaemonSet>).spec ?? {};
  yield* coreObjectMetaUpdateErrors(object, old);
  yield* immutableFieldErrors(
    "spec.selector",
    selector,
    (old as Unchecked<V1DaemonSet>).spec?.selector,
    shownSelector(selector as LabelSelector | undefined),
  );
  yield* specErrors(object);
}

function* specErrors({ spec = {} }: Unchecked<V1DaemonSet>): FieldErrors {
  const selector = spec.selector as LabelSelector | undefined;
  const template = spec.template as PodTemplateSpec | undefined;
  const labels = template?.metadata?.labels;
  const errors = [...labelSelectorErrors("spec.selector", selector)];
  yield* errors;
  const isEmpty =
    Object.keys(selector?.matchLabels ?? {}).length + (selector?.matchExpressions ?? []).length === 0;
  const matches = selector !== undefined && (isEmpty || matchesLabelSelector(selector, labels));
  if (errors.length === 0 && !matches)
    yield invalidValue(
      "spec.template.metadata.labels",
      shownLabels(labels),
      "`selector` does not match template `labels`",
    );
  if (selector !== undefined && isEmpty)
    yield invalidValue("spec.selector", shownSelector(selector), "empty selector is invalid for daemonset");
  yield* podTemplateErrors("spec.template", template);
  yield* lastingPodErrors("spec.template", template, "DaemonSet");
  yield* nonNegativeErrors("spec.minReadySeconds", spec.minReadySeconds);
  yield* strategyErrors("spec.updateStrategy", spec.updateStrategy ?? {});
  yield* nonNegativeErrors("spec.revisionHistoryLimit", spec.revisionHistoryLimit);
}

function* strategyErrors(field: string, strategy: Unchecked<V1DaemonSetUpdateStrategy>): FieldErrors {
  const { type = "RollingUpdate", rollingUpdate = {} } = strategy;
  if (type === "OnDelete") return;
  if (type !== "RollingUpdate") {
    const shown = inGo("apps.DaemonSetUpdateStrategy", strategy);
    return yield unsupportedValue(field, shown, ["RollingUpdate", "OnDelete"]);
  }
  const at = `${field}.rollingUpdate`;
  const { maxUnavailable = 1, maxSurge = 0 } = rollingUpdate as Readonly<Record<string, number | string>>;
  yield* intOrPercentErrors(`${at}.maxUnavailable`, maxUnavailable);
  yield* intOrPercentErrors(`${at}.maxSurge`, maxSurge);
  yield* over100PercentErrors(`${at}.maxUnavailable`, maxUnavailable);
  yield* over100PercentErrors(`${at}.maxSurge`, maxSurge);
  const [unavailable, surge] = [intOrPercentValue(maxUnavailable), intOrPercentValue(maxSurge)];
  if (unavailable !== 0 && surge !== 0)
    yield invalidValue(`${at}.maxSurge`, maxSurge, "may not be set when maxUnavailable is non-zero");
  if (unavailable === 0 && surge === 0)
    yield requiredValue(`${at}.maxUnavailable`, "cannot be 0 when maxSurge is 0");
}
