import type { V1MatchResources, V1NamedRuleWithOperations } from "@kubernetes/client-node";
import type { LabelSelector, Unchecked } from "../../object.ts";
import { duplicateValue, invalidBecause, unsupportedValue, type FieldErrors } from "../field-error.ts";
import { labelSelectorErrors } from "../meta/label-errors.ts";
import { pathSegmentName } from "../meta/names.ts";
import { ruleErrors } from "./rule-errors.ts";

/** What is wrong with the choice of requests that a policy is about. What has a default is not asked for. */
export function* matchResourcesErrors(field: string, match: Unchecked<V1MatchResources>): FieldErrors {
  const { matchPolicy = "Equivalent", resourceRules = [], excludeResourceRules = [] } = match;
  if (matchPolicy !== "Equivalent" && matchPolicy !== "Exact")
    yield unsupportedValue(`${field}.matchPolicy`, matchPolicy, ["Equivalent", "Exact"]);
  for (const selector of ["namespaceSelector", "objectSelector"] as const)
    yield* labelSelectorErrors(`${field}.${selector}`, match[selector] as LabelSelector | undefined);
  for (const [index, rule] of resourceRules.entries())
    yield* namedRuleErrors(`${field}.resourceRules[${index}]`, rule);
  for (const [index, rule] of excludeResourceRules.entries())
    yield* namedRuleErrors(`${field}.excludeResourceRules[${index}]`, rule);
}

function* namedRuleErrors(field: string, rule: Unchecked<V1NamedRuleWithOperations>): FieldErrors {
  const { resourceNames = [] } = rule;
  for (const [index, name] of resourceNames.entries()) {
    const at = `${field}.resourceNames[${index}]`;
    yield* invalidBecause(at, name, pathSegmentName(name));
    if (resourceNames.indexOf(name) < index) yield duplicateValue(at, name);
  }
  yield* ruleErrors(field, rule);
}
