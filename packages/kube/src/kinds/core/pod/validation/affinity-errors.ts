import type {
  V1Affinity,
  V1NodeSelectorRequirement,
  V1NodeSelectorTerm,
  V1PodAffinity,
  V1PodAffinityTerm,
} from "@kubernetes/client-node";
import type { LabelSelector, NodeSelector, Wire } from "../../../../object.ts";
import {
  forbiddenValue,
  invalidBecause,
  invalidValue,
  invalidWord,
  requiredValue,
  type FieldErrors,
} from "../../../field-error.ts";
import { labelKeyErrors, labelSelectorErrors } from "../../../meta/label-errors.ts";
import { dns1123Label, dns1123Subdomain, labelValue } from "../../../meta/names.ts";

const required = "requiredDuringSchedulingIgnoredDuringExecution";
const preferred = "preferredDuringSchedulingIgnoredDuringExecution";

/** What is wrong with the wishes of a pod about nodes and about other pods. */
export function* affinityErrors(field: string, affinity: Wire<V1Affinity> | undefined): FieldErrors {
  const { nodeAffinity, podAffinity, podAntiAffinity } = affinity ?? {};
  if (nodeAffinity !== undefined) {
    const at = `${field}.nodeAffinity`;
    const selector = nodeAffinity[required];
    if (selector !== undefined) yield* nodeSelectorErrors(`${at}.${required}`, selector);
    for (const [index, term] of (nodeAffinity[preferred] ?? []).entries()) {
      yield* weightErrors(`${at}.${preferred}[${index}].weight`, term.weight);
      yield* nodeTermErrors(`${at}.${preferred}[${index}].preference`, term.preference, false);
    }
  }
  yield* podAffinityErrors(`${field}.podAffinity`, podAffinity);
  yield* podAffinityErrors(`${field}.podAntiAffinity`, podAntiAffinity);
}

/** What is wrong with a choice of nodes. */
export function* nodeSelectorErrors(field: string, selector: NodeSelector): FieldErrors {
  const { nodeSelectorTerms: terms = [] } = selector as Partial<NodeSelector>;
  if (terms.length === 0)
    return yield requiredValue(`${field}.nodeSelectorTerms`, "must have at least one node selector term");
  for (const [index, term] of terms.entries())
    yield* nodeTermErrors(`${field}.nodeSelectorTerms[${index}]`, term, true);
}

function* weightErrors(field: string, weight: number | undefined): FieldErrors {
  const value = weight ?? 0;
  if (value <= 0 || value > 100) yield invalidValue(field, value, "must be in the range 1-100");
}

function* nodeTermErrors(
  field: string,
  term: Wire<V1NodeSelectorTerm> | undefined,
  checkValues: boolean,
): FieldErrors {
  for (const [index, requirement] of (term?.matchExpressions ?? []).entries())
    yield* nodeRequirementErrors(`${field}.matchExpressions[${index}]`, requirement, checkValues);
  for (const [index, requirement] of (term?.matchFields ?? []).entries())
    yield* nodeFieldErrors(`${field}.matchFields[${index}]`, requirement);
}

function* nodeRequirementErrors(
  field: string,
  requirement: Wire<V1NodeSelectorRequirement>,
  checkValues: boolean,
): FieldErrors {
  const { key = "", operator = "", values = [] } = requirement as Partial<typeof requirement>;
  const at = `${field}.values`;
  if (operator === "In" || operator === "NotIn") {
    if (values.length === 0) yield requiredValue(at, "must be specified when `operator` is 'In' or 'NotIn'");
  } else if (operator === "Exists" || operator === "DoesNotExist") {
    if (values.length > 0)
      yield forbiddenValue(at, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'");
  } else if (operator === "Gt" || operator === "Lt") {
    if (values.length !== 1)
      yield requiredValue(at, "must be specified single value when `operator` is 'Lt' or 'Gt'");
  } else {
    yield invalidWord(`${field}.operator`, operator, "not a valid selector operator");
  }
  yield* labelKeyErrors(`${field}.key`, key);
  if (!checkValues) return;
  for (const [index, value] of values.entries())
    yield* invalidBecause(`${at}[${index}]`, value, labelValue(value));
}

function* nodeFieldErrors(field: string, requirement: Wire<V1NodeSelectorRequirement>): FieldErrors {
  const { key = "", operator = "", values = [] } = requirement as Partial<typeof requirement>;
  if (operator !== "In" && operator !== "NotIn")
    yield invalidWord(`${field}.operator`, operator, "not a valid selector operator");
  else if (values.length !== 1)
    yield requiredValue(
      `${field}.values`,
      "must be only one value when `operator` is 'In' or 'NotIn' for node field selector",
    );
  if (key !== "metadata.name")
    return yield invalidValue(`${field}.key`, key, "not a valid field selector key");
  for (const [index, value] of values.entries())
    yield* invalidBecause(`${field}.values[${index}]`, value, dns1123Subdomain(value));
}

function* podAffinityErrors(field: string, affinity: Wire<V1PodAffinity> | undefined): FieldErrors {
  for (const [index, term] of (affinity?.[required] ?? []).entries())
    yield* podTermErrors(`${field}.${required}[${index}]`, term);
  for (const [index, term] of (affinity?.[preferred] ?? []).entries()) {
    yield* weightErrors(`${field}.${preferred}[${index}].weight`, term.weight);
    yield* podTermErrors(`${field}.${preferred}[${index}].podAffinityTerm`, term.podAffinityTerm ?? {});
  }
}

function* podTermErrors(field: string, term: Partial<Wire<V1PodAffinityTerm>>): FieldErrors {
  const { topologyKey = "" } = term;
  yield* labelSelectorErrors(`${field}.labelSelector`, term.labelSelector);
  yield* labelSelectorErrors(`${field}.namespaceSelector`, term.namespaceSelector);
  for (const namespace of term.namespaces ?? [])
    yield* invalidBecause(`${field}.namespace`, namespace, dns1123Label(namespace));
  yield* matchLabelKeyErrors(field, term);
  if (topologyKey === "") yield requiredValue(`${field}.topologyKey`, "can not be empty");
  yield* labelKeyErrors(`${field}.topologyKey`, topologyKey);
}

/** What is wrong with the keys whose values are taken from the pod. */
export function* matchLabelKeyErrors(
  field: string,
  term: {
    readonly matchLabelKeys?: readonly string[];
    readonly mismatchLabelKeys?: readonly string[];
    readonly labelSelector?: LabelSelector;
  },
): FieldErrors {
  const { matchLabelKeys = [], mismatchLabelKeys = [], labelSelector } = term;
  yield* keyListErrors(`${field}.matchLabelKeys`, matchLabelKeys, labelSelector);
  yield* keyListErrors(`${field}.mismatchLabelKeys`, mismatchLabelKeys, labelSelector);
  const selected = new Set(Object.keys(labelSelector?.matchLabels ?? {}));
  for (const { key } of labelSelector?.matchExpressions ?? []) {
    const index = matchLabelKeys.lastIndexOf(key);
    if (index >= 0 && selected.has(key))
      yield invalidValue(`${field}[${index}]`, key, "exists in both matchLabelKeys and labelSelector");
    selected.add(key);
  }
  for (const [index, key] of matchLabelKeys.entries())
    if (mismatchLabelKeys.includes(key))
      yield invalidValue(
        `${field}.matchLabelKeys[${index}]`,
        key,
        "exists in both matchLabelKeys and mismatchLabelKeys",
      );
}

function* keyListErrors(
  field: string,
  keys: readonly string[],
  selector: LabelSelector | undefined,
): FieldErrors {
  if (keys.length === 0) return;
  if (selector === undefined)
    return yield forbiddenValue(field, "must not be specified when labelSelector is not set");
  for (const [index, key] of keys.entries()) yield* labelKeyErrors(`${field}[${index}]`, key);
}
