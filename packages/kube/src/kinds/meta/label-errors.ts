import type { LabelSelector, LabelSelectorRequirement } from "../../object.ts";
import {
  forbiddenValue,
  invalidBecause,
  invalidWord,
  requiredValue,
  type FieldErrors,
} from "../field-error.ts";
import { labelValue, qualifiedName } from "./names.ts";

/** What is wrong with labels, or with a selector that is a map of labels. */
export function* labelErrors(
  field: string,
  labels: Readonly<Record<string, string>> | undefined,
): FieldErrors {
  for (const [key, value] of Object.entries(labels ?? {})) {
    yield* labelKeyErrors(field, key);
    yield* invalidBecause(field, value, labelValue(value));
  }
}

/** What is wrong with the key of a label. */
export function labelKeyErrors(field: string, key: string): FieldErrors {
  return invalidBecause(field, key, qualifiedName(key));
}

/** What is wrong with a label selector. */
export function* labelSelectorErrors(field: string, selector: LabelSelector | undefined): FieldErrors {
  yield* labelErrors(`${field}.matchLabels`, selector?.matchLabels);
  for (const [index, requirement] of (selector?.matchExpressions ?? []).entries()) {
    const at = `${field}.matchExpressions[${index}]`;
    yield* operatorErrors(at, requirement);
    yield* labelKeyErrors(`${at}.key`, requirement.key ?? "");
    for (const [position, value] of (requirement.values ?? []).entries())
      yield* invalidBecause(`${at}.values[${position}]`, value, labelValue(value));
  }
}

/** Labels as Go prints them: in the order of their keys. */
export function shownLabels(labels: Readonly<Record<string, string>> | undefined): unknown {
  if (labels === undefined) return null;
  return Object.fromEntries(Object.entries(labels).toSorted(([left], [right]) => (left < right ? -1 : 1)));
}

/** A selector as Go prints it: without what is empty. */
export function shownSelector(selector: LabelSelector | undefined): unknown {
  if (selector === undefined) return null;
  const { matchLabels = {}, matchExpressions = [] } = selector;
  return {
    ...(Object.keys(matchLabels).length === 0 ? {} : { matchLabels: shownLabels(matchLabels) }),
    ...(matchExpressions.length === 0
      ? {}
      : {
          matchExpressions: matchExpressions.map(({ key = "", operator = "", values = [] }) => ({
            key,
            operator,
            ...(values.length === 0 ? {} : { values }),
          })),
        }),
  };
}

function* operatorErrors(
  field: string,
  { operator, values = [] }: Partial<LabelSelectorRequirement>,
): FieldErrors {
  if (operator === "In" || operator === "NotIn") {
    if (values.length === 0)
      yield requiredValue(`${field}.values`, "must be specified when `operator` is 'In' or 'NotIn'");
  } else if (operator === "Exists" || operator === "DoesNotExist") {
    if (values.length > 0)
      yield forbiddenValue(
        `${field}.values`,
        "may not be specified when `operator` is 'Exists' or 'DoesNotExist'",
      );
  } else {
    yield invalidWord(`${field}.operator`, operator ?? "", "not a valid selector operator");
  }
}
