import type { V1PodDisruptionBudget } from "@kubernetes/client-node";
import { inGo } from "../../../go/in-go.ts";
import type { KubeObject, LabelSelector, Unchecked } from "../../../object.ts";
import { invalidValue, unsupportedValue, type FieldErrors } from "../../field-error.ts";
import { intOrPercentErrors, over100PercentErrors } from "../../meta/int-or-percent-errors.ts";
import { labelSelectorErrors } from "../../meta/label-errors.ts";

const evictionPolicies = ["AlwaysAllow", "IfHealthyBudget"];

/** What is wrong with a PodDisruptionBudget, new or changed. Its metadata is not looked at, as in Kubernetes. */
export function* podDisruptionBudgetErrors(object: KubeObject): FieldErrors {
  const { spec = {} } = object as Unchecked<V1PodDisruptionBudget>;
  if (spec.minAvailable !== undefined && spec.maxUnavailable !== undefined)
    yield invalidValue(
      "spec",
      inGo("policy.PodDisruptionBudgetSpec", spec),
      "minAvailable and maxUnavailable cannot be both set",
    );
  for (const name of ["minAvailable", "maxUnavailable"] as const) {
    const value = spec[name];
    if (value === undefined) continue;
    yield* intOrPercentErrors(`spec.${name}`, value);
    yield* over100PercentErrors(`spec.${name}`, value);
  }
  yield* labelSelectorErrors("spec.selector", spec.selector as LabelSelector | undefined);
  const { unhealthyPodEvictionPolicy: policy } = spec;
  if (policy !== undefined && !evictionPolicies.includes(policy))
    yield unsupportedValue("spec.unhealthyPodEvictionPolicy", policy, evictionPolicies);
}
