import type { V1ClusterRole } from "@kubernetes/client-node";
import type { KubeObject, LabelSelector, Unchecked } from "../../../object.ts";
import { invalidValue, requiredValue, type FieldErrors } from "../../field-error.ts";
import { labelSelectorErrors } from "../../meta/label-errors.ts";
import { pathSegmentName } from "../../meta/names.ts";
import { coreObjectMetaErrors, coreObjectMetaUpdateErrors } from "../../meta/object-meta-errors.ts";
import { policyRulesErrors } from "../policy-rule-errors.ts";

/** What is wrong with a new ClusterRole. */
export function* clusterRoleErrors(object: KubeObject): FieldErrors {
  const { rules, aggregationRule } = object as Unchecked<V1ClusterRole>;
  yield* coreObjectMetaErrors(object, pathSegmentName);
  yield* policyRulesErrors(rules, false);
  if (aggregationRule === undefined) return;
  const { clusterRoleSelectors: selectors = [] } = aggregationRule;
  const at = "aggregationRule.clusterRoleSelectors";
  if (selectors.length === 0)
    yield requiredValue(at, "at least one clusterRoleSelector required if aggregationRule is non-nil");
  for (const [index, selector] of selectors.entries()) {
    const errors = [...labelSelectorErrors(`${at}[${index}]`, selector as LabelSelector)];
    yield* errors;
    // What could not be read is shown, which is nothing.
    if (errors.length > 0) yield invalidValue(`${at}[${index}]`, null, "invalid label selector.");
  }
}

/** What is wrong with a change of a ClusterRole. */
export function* clusterRoleUpdateErrors(object: KubeObject, old: KubeObject): FieldErrors {
  yield* clusterRoleErrors(object);
  yield* coreObjectMetaUpdateErrors(object, old);
}
