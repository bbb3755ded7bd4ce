import type { V1PolicyRule } from "@kubernetes/client-node";
import type { Unchecked } from "../../object.ts";
import { invalidValue, requiredValue, type FieldErrors } from "../field-error.ts";

/** What is wrong with the rules of a role. */
export function* policyRulesErrors(
  rules: readonly Unchecked<V1PolicyRule>[] | undefined,
  isNamespaced: boolean,
): FieldErrors {
  for (const [index, rule] of (rules ?? []).entries())
    yield* ruleErrors(`rules[${index}]`, rule, isNamespaced);
}

function* ruleErrors(field: string, rule: Unchecked<V1PolicyRule>, isNamespaced: boolean): FieldErrors {
  const { verbs = [], apiGroups = [], resources = [], resourceNames = [], nonResourceURLs = [] } = rule;
  if (verbs.length === 0) yield requiredValue(`${field}.verbs`, "verbs must contain at least one value");
  if (nonResourceURLs.length > 0) {
    const at = `${field}.nonResourceURLs`;
    if (isNamespaced)
      yield invalidValue(at, nonResourceURLs, "namespaced rules cannot apply to non-resource URLs");
    if (apiGroups.length + resources.length + resourceNames.length > 0)
      yield invalidValue(
        at,
        nonResourceURLs,
        "rules cannot apply to both regular resources and non-resource URLs",
      );
    return;
  }
  if (apiGroups.length === 0)
    yield requiredValue(`${field}.apiGroups`, "resource rules must supply at least one api group");
  if (resources.length === 0)
    yield requiredValue(`${field}.resources`, "resource rules must supply at least one resource");
}
