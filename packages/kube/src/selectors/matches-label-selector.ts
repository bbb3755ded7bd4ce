import type { LabelSelector, LabelSelectorRequirement } from "../object.ts";

/** The labels of an object; undefined for an object without any. */
export type Labels = Readonly<Record<string, string>> | undefined;

/** Whether labels match a selector. No selector matches nothing, an empty one matches everything. */
export function matchesLabelSelector(selector: LabelSelector | null | undefined, labels: Labels): boolean {
  if (selector === undefined || selector === null) return false;
  for (const [key, value] of Object.entries(selector.matchLabels ?? {})) {
    if (labelOf(labels, key) !== value) return false;
  }
  return (selector.matchExpressions ?? []).every((requirement) => matchesRequirement(requirement, labels));
}

/** https://github.com/kubernetes/apimachinery/blob/master/pkg/labels/selector.go, Requirement.Matches */
function matchesRequirement(requirement: LabelSelectorRequirement, labels: Labels): boolean {
  const value = labelOf(labels, requirement.key);
  const values = requirement.values ?? [];
  switch (requirement.operator) {
    case "In":
      return value !== undefined && values.includes(value);
    case "NotIn":
      return value === undefined || !values.includes(value);
    case "Exists":
      return value !== undefined;
    case "DoesNotExist":
      return value === undefined;
    case "Gt":
    case "Lt":
      return matchesBound(requirement.operator, value, values);
    default:
      return false;
  }
}

function matchesBound(operator: "Gt" | "Lt", value: string | undefined, values: readonly string[]): boolean {
  const [bound] = values;
  if (value === undefined || bound === undefined || values.length !== 1) return false;
  if (!/^[+-]?\d+$/.test(value) || !/^[+-]?\d+$/.test(bound)) return false;
  const [left, right] = [toBigInt(value), toBigInt(bound)];
  return operator === "Gt" ? left > right : left < right;
}

function toBigInt(text: string): bigint {
  return BigInt(text.replace(/^\+/, ""));
}

function labelOf(labels: Labels, key: string): string | undefined {
  return labels !== undefined && Object.hasOwn(labels, key) ? labels[key] : undefined;
}
