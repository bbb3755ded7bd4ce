import { deepEqual } from "../../../deep-equal.ts";
import { inGo } from "../../../go/in-go.ts";
import type { Deployment, DeploymentSpec, DeploymentStrategy, KubeObject } from "../../../object.ts";
import { forbiddenValue, invalidValue, unsupportedValue, type FieldErrors } from "../../field-error.ts";
import { shownSelector } from "../../meta/label-errors.ts";
import {
  intOrPercentErrors,
  intOrPercentValue,
  over100PercentErrors,
} from "../../meta/int-or-percent-errors.ts";
import { nonNegativeErrors } from "../../meta/number-errors.ts";
import { coreObjectMetaErrors, coreObjectMetaUpdateErrors } from "../../meta/object-meta-errors.ts";
import { workloadErrors } from "../workload-errors.ts";

/** What is wrong with a new Deployment. */
export function* deploymentErrors(object: KubeObject): FieldErrors {
  yield* coreObjectMetaErrors(object);
  yield* specErrors((object as Deployment).spec ?? {});
}

/** What is wrong with a change of a Deployment. */
export function* deploymentUpdateErrors(object: KubeObject, old: KubeObject): FieldErrors {
  yield* coreObjectMetaUpdateErrors(object, old);
  yield* specErrors((object as Deployment).spec ?? {});
  yield* fixedSelectorErrors(object, old);
}

/** The selector of a workload never changes. */
export function* fixedSelectorErrors(object: KubeObject, old: KubeObject): FieldErrors {
  const { selector } = (object as Deployment).spec ?? {};
  if (!deepEqual(selector, (old as Deployment).spec.selector))
    yield invalidValue("spec.selector", shownSelector(selector), "field is immutable");
}

function* specErrors(spec: Partial<DeploymentSpec>): FieldErrors {
  yield* nonNegativeErrors("spec.replicas", spec.replicas);
  yield* workloadErrors("spec", spec);
  yield* strategyErrors("spec.strategy", spec.strategy ?? {});
  yield* nonNegativeErrors("spec.minReadySeconds", spec.minReadySeconds);
  yield* nonNegativeErrors("spec.revisionHistoryLimit", spec.revisionHistoryLimit);
  const { progressDeadlineSeconds, minReadySeconds = 0 } = spec;
  if (progressDeadlineSeconds === undefined) return;
  yield* nonNegativeErrors("spec.progressDeadlineSeconds", progressDeadlineSeconds);
  if (progressDeadlineSeconds <= minReadySeconds)
    yield invalidValue(
      "spec.progressDeadlineSeconds",
      progressDeadlineSeconds,
      "must be greater than minReadySeconds",
    );
}

function* strategyErrors(field: string, strategy: DeploymentStrategy): FieldErrors {
  const { type = "RollingUpdate", rollingUpdate } = strategy;
  if (type === "Recreate") {
    if (rollingUpdate !== undefined)
      yield forbiddenValue(
        `${field}.rollingUpdate`,
        "may not be specified when strategy `type` is 'Recreate'",
      );
    return;
  }
  const { maxUnavailable = "25%", maxSurge = "25%" } = (rollingUpdate ?? {}) as Record<
    string,
    number | string
  >;
  if (type !== "RollingUpdate") {
    const shown = inGo("apps.DeploymentStrategy", strategy);
    return yield unsupportedValue(field, shown, ["Recreate", "RollingUpdate"]);
  }
  const at = `${field}.rollingUpdate`;
  yield* intOrPercentErrors(`${at}.maxUnavailable`, maxUnavailable);
  yield* intOrPercentErrors(`${at}.maxSurge`, maxSurge);
  if (intOrPercentValue(maxUnavailable) === 0 && intOrPercentValue(maxSurge) === 0)
    yield invalidValue(`${at}.maxUnavailable`, maxUnavailable, "may not be 0 when `maxSurge` is 0");
  yield* over100PercentErrors(`${at}.maxUnavailable`, maxUnavailable);
}
