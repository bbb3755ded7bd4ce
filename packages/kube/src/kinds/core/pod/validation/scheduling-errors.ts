import type { Taint, Toleration, TopologySpreadConstraint } from "../../../../object.ts";
import {
  duplicateValue,
  invalidBecause,
  invalidValue,
  invalidWord,
  requiredValue,
  unsupportedValue,
  type FieldErrors,
} from "../../../field-error.ts";
import { labelKeyErrors, labelSelectorErrors } from "../../../meta/label-errors.ts";
import { labelValue, qualifiedName } from "../../../meta/names.ts";
import { positiveErrors } from "../../../meta/number-errors.ts";
import { matchLabelKeyErrors } from "./affinity-errors.ts";

const effects = ["NoSchedule", "PreferNoSchedule", "NoExecute"];

/** What is wrong with the taints that a pod tolerates. */
export function* tolerationErrors(
  field: string,
  tolerations: readonly Toleration[] | undefined,
): FieldErrors {
  for (const [index, toleration] of (tolerations ?? []).entries()) {
    const at = `${field}[${index}]`;
    const { key = "", operator = "", value = "", effect = "", tolerationSeconds } = toleration;
    if (key !== "") yield* labelKeyErrors(`${at}.key`, key);
    else if (operator !== "Exists")
      yield invalidWord(
        `${at}.operator`,
        operator,
        'operator must be Exists when `key` is empty, which means "match all values and all keys"',
      );
    if (tolerationSeconds !== undefined && effect !== "NoExecute")
      yield invalidWord(`${at}.effect`, effect, "effect must be 'NoExecute' when `tolerationSeconds` is set");
    yield* operatorErrors(`${at}.operator`, operator, value);
    if (effect !== "" && !effects.includes(effect)) yield unsupportedValue(`${at}.effect`, effect, effects);
  }
}

function* operatorErrors(field: string, operator: string, value: string): FieldErrors {
  if (operator === "Equal" || operator === "") {
    const reasons = labelValue(value);
    if (reasons.length > 0) yield invalidValue(field, value, reasons.join(";"));
  } else if (operator === "Exists") {
    if (value !== "") yield invalidValue(field, value, "value must be empty when `operator` is 'Exists'");
  } else {
    // The gate TaintTolerationComparisonOperators is off in v1.36, and yet named in the answer.
    const compares = operator === "Lt" || operator === "Gt";
    yield unsupportedValue(field, operator, ["Equal", "Exists", ...(compares ? ["Lt", "Gt"] : [])]);
  }
}

/** What is wrong with the taints of a node. */
export function* taintErrors(field: string, taints: readonly Taint[] | undefined): FieldErrors {
  const seen = new Set<string>();
  for (const [index, taint] of (taints ?? []).entries()) {
    const at = `${field}[${index}]`;
    const { key = "", value = "", effect = "" } = taint as Partial<Taint>;
    yield* labelKeyErrors(`${at}.key`, key);
    const reasons = labelValue(value);
    if (reasons.length > 0) yield invalidValue(`${at}.value`, value, reasons.join(";"));
    if (effect === "") yield requiredValue(`${at}.effect`);
    else if (!effects.includes(effect)) yield unsupportedValue(`${at}.effect`, effect, effects);
    if (seen.has(`${effect}/${key}`)) {
      const shown = { Key: key, Value: value, Effect: effect, TimeAdded: taint.timeAdded ?? null };
      yield duplicateValue(at, shown, "taints must be unique by key and effect pair");
    }
    seen.add(`${effect}/${key}`);
  }
}

const actions = ["DoNotSchedule", "ScheduleAnyway"];
const nodePolicies = ["Honor", "Ignore"];

/** What is wrong with the rules by which a pod is spread over nodes. */
export function* topologySpreadErrors(
  field: string,
  constraints: readonly TopologySpreadConstraint[] | undefined,
): FieldErrors {
  for (const [index, constraint] of (constraints ?? []).entries()) {
    const at = `${field}[${index}]`;
    const {
      maxSkew = 0,
      topologyKey = "",
      whenUnsatisfiable = "",
      minDomains,
    } = constraint as Partial<typeof constraint>;
    yield* positiveErrors(`${at}.maxSkew`, maxSkew);
    if (topologyKey === "") yield requiredValue(`${at}.topologyKey`, "can not be empty");
    if (!actions.includes(whenUnsatisfiable))
      yield unsupportedValue(`${at}.whenUnsatisfiable`, whenUnsatisfiable, actions);
    const isRepeated = (constraints ?? [])
      .slice(index + 1)
      .some((other) => other.topologyKey === topologyKey && other.whenUnsatisfiable === whenUnsatisfiable);
    if (isRepeated)
      yield duplicateValue(
        `${at}.{topologyKey, whenUnsatisfiable}`,
        `{${topologyKey}, ${whenUnsatisfiable}}`,
      );
    if (minDomains !== undefined) {
      yield* positiveErrors(`${at}.minDomains`, minDomains);
      if (whenUnsatisfiable !== "DoNotSchedule")
        yield invalidValue(
          `${at}.minDomains`,
          minDomains,
          `can only use minDomains if whenUnsatisfiable=DoNotSchedule, not ${whenUnsatisfiable}`,
        );
    }
    for (const name of ["nodeAffinityPolicy", "nodeTaintsPolicy"] as const) {
      const policy = constraint[name];
      if (policy !== undefined && !nodePolicies.includes(policy))
        yield unsupportedValue(`${at}.${name}`, policy, nodePolicies);
    }
    yield* matchLabelKeyErrors(at, constraint);
    yield* labelSelectorErrors(`${at}.labelSelector`, constraint.labelSelector);
  }
}

/** What is wrong with the gates that hold a pod back. */
export function* schedulingGateErrors(
  field: string,
  gates: readonly { readonly name?: string }[] | undefined,
): FieldErrors {
  const seen = new Set<string>();
  for (const [index, { name = "" }] of (gates ?? []).entries()) {
    yield* invalidBecause(`${field}[${index}]`, name, qualifiedName(name));
    if (seen.has(name)) yield duplicateValue(`${field}[${index}]`, name);
    seen.add(name);
  }
}
