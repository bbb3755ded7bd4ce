import type {
  V1PodFailurePolicyOnExitCodesRequirement,
  V1PodFailurePolicyOnPodConditionsPattern,
  V1PodFailurePolicyRule,
} from "@kubernetes/client-node";
import { quoteAsGo } from "../../../go/go-text.ts";
import type { Unchecked } from "../../../object.ts";
import {
  duplicateValue,
  invalidBecause,
  invalidOmitted,
  invalidValue,
  invalidWord,
  requiredValue,
  tooManyValues,
  unsupportedValue,
  type FieldErrors,
} from "../../field-error.ts";
import { qualifiedName } from "../../meta/names.ts";
import type { UncheckedJobSpec } from "./job-spec-errors.ts";

const actions = ["Count", "FailIndex", "FailJob", "Ignore"];
const operators = ["In", "NotIn"];
const statuses = ["False", "True", "Unknown"];

/** What is wrong with the rules that say what a failed pod means. */
export function* podFailurePolicyErrors(field: string, spec: UncheckedJobSpec): FieldErrors {
  const rules = spec.podFailurePolicy?.rules ?? [];
  if (rules.length > 20) yield tooManyValues(`${field}.rules`, rules.length, 20);
  for (const [index, rule] of rules.entries()) yield* ruleErrors(`${field}.rules[${index}]`, rule, spec);
}

function* ruleErrors(
  field: string,
  rule: Unchecked<V1PodFailurePolicyRule>,
  spec: UncheckedJobSpec,
): FieldErrors {
  const { action = "", onExitCodes, onPodConditions = [] } = rule;
  if (action === "") yield requiredValue(`${field}.action`, validValues(actions));
  else if (action === "FailIndex") {
    if (spec.backoffLimitPerIndex === undefined)
      yield invalidWord(`${field}.action`, action, "requires the backoffLimitPerIndex to be set");
  } else if (!actions.includes(action)) yield unsupportedValue(`${field}.action`, action, actions);
  if (onExitCodes !== undefined) yield* exitCodeErrors(`${field}.onExitCodes`, onExitCodes, spec);
  if (onPodConditions.length > 20)
    yield tooManyValues(`${field}.onPodConditions`, onPodConditions.length, 20);
  for (const [index, pattern] of onPodConditions.entries())
    yield* conditionErrors(`${field}.onPodConditions[${index}]`, pattern);
  const hasConditions = onPodConditions.length > 0;
  if (onExitCodes !== undefined && hasConditions)
    yield invalidOmitted(field, "specifying both OnExitCodes and OnPodConditions is not supported");
  if (onExitCodes === undefined && !hasConditions)
    yield invalidOmitted(field, "specifying one of OnExitCodes and OnPodConditions is required");
}

function* conditionErrors(
  field: string,
  { type = "", status = "True" }: Unchecked<V1PodFailurePolicyOnPodConditionsPattern>,
): FieldErrors {
  yield* invalidBecause(`${field}.type`, type, qualifiedName(type));
  if (!statuses.includes(status)) yield unsupportedValue(`${field}.status`, status, statuses);
}

function* exitCodeErrors(
  field: string,
  codes: Unchecked<V1PodFailurePolicyOnExitCodesRequirement>,
  { template }: UncheckedJobSpec,
): FieldErrors {
  const { operator = "", containerName, values = [] } = codes;
  if (operator === "") yield requiredValue(`${field}.operator`, validValues(operators));
  else if (!operators.includes(operator)) yield unsupportedValue(`${field}.operator`, operator, operators);
  const containers = [...(template?.spec?.containers ?? []), ...(template?.spec?.initContainers ?? [])];
  if (containerName !== undefined && !containers.some(({ name }) => name === containerName))
    yield invalidValue(
      `${field}.containerName`,
      containerName,
      "must be one of the container or initContainer names in the pod template",
    );
  if (values.length === 0)
    yield invalidValue(`${field}.values`, codes.values ?? null, "at least one value is required");
  else if (values.length > 255) yield tooManyValues(`${field}.values`, values.length, 255);
  const seen = new Set<number>();
  for (const [index, value] of values.entries()) {
    if (operator === "In" && value === 0)
      yield invalidValue(`${field}.values[${index}]`, value, "must not be 0 for the In operator");
    if (seen.has(value)) yield duplicateValue(`${field}.values[${index}]`, value);
    seen.add(value);
  }
  if (values.some((value, index) => index > 0 && (values[index - 1] ?? 0) > value))
    yield invalidValue(`${field}.values`, values, "must be ordered");
}

function validValues(values: readonly string[]): string {
  return `valid values: [${values.map(quoteAsGo).join(" ")}]`;
}
