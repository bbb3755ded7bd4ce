import type {
  V1DeviceClaim,
  V1DeviceClaimConfiguration,
  V1DeviceConstraint,
  V1DeviceRequest,
  V1DeviceSubRequest,
  V1DeviceToleration,
} from "@kubernetes/client-node";
import type { Unchecked } from "../../object.ts";
import {
  duplicateValue,
  invalidBecause,
  invalidValue,
  requiredValue,
  tooManyValues,
  unsupportedValue,
  type FieldErrors,
} from "../field-error.ts";
import { labelKeyErrors } from "../meta/label-errors.ts";
import { dns1123Label, dns1123Subdomain, labelValue } from "../meta/names.ts";
import { deviceConfigurationErrors, deviceSelectorErrors, fullNameErrors } from "./device-errors.ts";

const mostItems = 32;
const mostAlternatives = 8;

/** What is wrong with what a claim asks for. Expressions are not compiled. */
export function* deviceClaimErrors(field: string, claim: Unchecked<V1DeviceClaim>): FieldErrors {
  const { requests = [], constraints = [], config = [] } = claim;
  const names = requestNamesOf(requests);
  yield* setErrors(`${field}.requests`, requests, mostItems, ({ name = "" }) => name, requestErrors);
  if (constraints.length > mostItems)
    yield tooManyValues(`${field}.constraints`, constraints.length, mostItems);
  else
    for (const [index, constraint] of constraints.entries())
      yield* constraintErrors(`${field}.constraints[${index}]`, constraint, names);
  if (config.length > mostItems) yield tooManyValues(`${field}.config`, config.length, mostItems);
  else
    for (const [index, one] of config.entries()) yield* configErrors(`${field}.config[${index}]`, one, names);
}

/** What is wrong with a list of things that have names of their own: each, and names that are there twice. */
export function* setErrors<Item>(
  field: string,
  items: readonly Item[],
  most: number,
  keyOf: (item: Item) => string,
  itemErrors: (field: string, item: Item) => FieldErrors,
): FieldErrors {
  if (items.length > most) return yield tooManyValues(field, items.length, most);
  for (const [index, item] of items.entries()) yield* itemErrors(`${field}[${index}]`, item);
  const keys = new Set<string>();
  for (const [index, item] of items.entries()) {
    const key = keyOf(item);
    if (keys.has(key)) yield duplicateValue(`${field}[${index}]`, key);
    keys.add(key);
  }
}

/** The names by which requests can be meant: `gpu`, and `gpu/big` for one of its alternatives. */
function requestNamesOf(requests: readonly Unchecked<V1DeviceRequest>[]): ReadonlySet<string> {
  return new Set(
    requests.flatMap(({ name = "", firstAvailable = [] }) => [
      name,
      ...firstAvailable.map((alternative) => `${name}/${alternative.name ?? ""}`),
    ]),
  );
}

function* requestErrors(field: string, request: Unchecked<V1DeviceRequest>): FieldErrors {
  const { name = "", exactly, firstAvailable = [] } = request;
  yield* invalidBecause(`${field}.name`, name, dns1123Label(name));
  const choice = "exactly one of `exactly` or `firstAvailable` is required";
  if (exactly === undefined && firstAvailable.length === 0) yield requiredValue(field, choice);
  else if (exactly !== undefined && firstAvailable.length > 0)
    yield invalidValue(field, null, `${choice}, but multiple fields are set`);
  else if (exactly !== undefined) yield* wishErrors(`${field}.exactly`, exactly);
  else
    yield* setErrors(
      `${field}.firstAvailable`,
      firstAvailable,
      mostAlternatives,
      (alternative) => alternative.name ?? "",
      alternativeErrors,
    );
}

function* alternativeErrors(field: string, alternative: Unchecked<V1DeviceSubRequest>): FieldErrors {
  const { name = "" } = alternative;
  yield* invalidBecause(`${field}.name`, name, dns1123Label(name));
  yield* wishErrors(field, alternative);
}

function* wishErrors(field: string, wish: Omit<Unchecked<V1DeviceSubRequest>, "name">): FieldErrors {
  const { deviceClassName = "", allocationMode = "ExactCount", tolerations = [] } = wish;
  // One device is asked for by default.
  const { count = allocationMode === "ExactCount" ? 1 : 0 } = wish;
  if (deviceClassName === "") yield requiredValue(`${field}.deviceClassName`);
  else yield* invalidBecause(`${field}.deviceClassName`, deviceClassName, dns1123Subdomain(deviceClassName));
  yield* deviceSelectorErrors(`${field}.selectors`, wish.selectors);
  if (allocationMode === "All") {
    if (count !== 0)
      yield invalidValue(`${field}.count`, count, "must not be specified when allocationMode is 'All'");
  } else if (allocationMode === "ExactCount") {
    if (count <= 0) yield invalidValue(`${field}.count`, count, "must be greater than zero");
  } else {
    yield unsupportedValue(`${field}.allocationMode`, allocationMode, ["All", "ExactCount"]);
  }
  for (const [index, toleration] of tolerations.entries())
    yield* tolerationErrors(`${field}.tolerations[${index}]`, toleration);
}

const effects = ["NoExecute", "NoSchedule", "None"];

function* tolerationErrors(field: string, toleration: Unchecked<V1DeviceToleration>): FieldErrors {
  const { key = "", operator = "Equal", value = "", effect = "" } = toleration;
  if (key !== "") yield* labelKeyErrors(`${field}.key`, key);
  if (operator === "Exists") {
    if (value !== "") yield invalidValue(`${field}.value`, value, "must be empty for operator `Exists`");
  } else if (operator === "Equal") {
    yield* invalidBecause(`${field}.value`, value, labelValue(value));
  } else {
    yield unsupportedValue(`${field}.operator`, operator, ["Equal", "Exists"]);
  }
  if (effect !== "" && !effects.includes(effect)) yield unsupportedValue(`${field}.effect`, effect, effects);
}

function* constraintErrors(
  field: string,
  constraint: Unchecked<V1DeviceConstraint>,
  names: ReadonlySet<string>,
): FieldErrors {
  yield* requestRefsErrors(`${field}.requests`, constraint.requests ?? [], names);
  const { matchAttribute, distinctAttribute } = constraint;
  if (matchAttribute !== undefined) yield* fullNameErrors(`${field}.matchAttribute`, matchAttribute);
  else if (distinctAttribute !== undefined)
    yield* fullNameErrors(`${field}.distinctAttribute`, distinctAttribute);
  else
    yield requiredValue(
      field,
      'exactly one of "matchAttribute" or "distinctAttribute" is required, but multiple fields are set',
    );
}

function* configErrors(
  field: string,
  config: Unchecked<V1DeviceClaimConfiguration>,
  names: ReadonlySet<string>,
): FieldErrors {
  yield* requestRefsErrors(`${field}.requests`, config.requests ?? [], names);
  yield* deviceConfigurationErrors(field, config);
}

function* requestRefsErrors(
  field: string,
  references: readonly string[],
  names: ReadonlySet<string>,
): FieldErrors {
  const why =
    "must be the name of a request in the claim or the name of a request and a subrequest separated by '/'";
  yield* setErrors(
    field,
    references,
    mostItems,
    (name) => name,
    function* (at, name) {
      const parts = name.split("/");
      if (parts.length > 2) return yield invalidValue(at, name, why);
      for (const part of parts) yield* invalidBecause(at, part, dns1123Label(part));
      if (!names.has(name)) yield invalidValue(at, name, why);
    },
  );
}
