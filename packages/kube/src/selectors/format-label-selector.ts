import type { LabelSelector, LabelSelectorRequirement } from "../object.ts";

/** A selector as `kubectl --selector` takes it; "" for one that matches everything. */
export function formatLabelSelector(selector: LabelSelector): string {
  const labels = Object.entries(selector.matchLabels ?? {}).map(([key, value]) => `${key}=${value}`);
  return [...labels, ...(selector.matchExpressions ?? []).map(formatRequirement)].join(",");
}

function formatRequirement(requirement: LabelSelectorRequirement): string {
  const { key, operator, values = [] } = requirement;
  switch (operator) {
    case "Exists":
      return key;
    case "DoesNotExist":
      return `!${key}`;
    case "Gt":
      return `${key}>${values.join()}`;
    case "Lt":
      return `${key}<${values.join()}`;
    default:
      return `${key} ${operator.toLowerCase()} (${[...values].sort().join(",")})`;
  }
}
