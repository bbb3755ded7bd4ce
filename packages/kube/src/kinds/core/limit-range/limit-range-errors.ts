import type { V1LimitRange, V1LimitRangeItem } from "@kubernetes/client-node";
import type { KubeObject, Unchecked } from "../../../object.ts";
import { canonicalQuantity, compareQuantity, parseQuantity } from "../../../quantity/quantity.ts";
import {
  duplicateValue,
  forbiddenValue,
  invalidWord,
  invalidValue,
  requiredValue,
  type FieldErrors,
} from "../../field-error.ts";
import { qualifiedName } from "../../meta/names.ts";
import { coreObjectMetaErrors } from "../../meta/object-meta-errors.ts";
import {
  containerResourceNameErrors,
  isHugePages,
  isNative,
  resourceNameErrors,
} from "../pod/validation/resource-errors.ts";

/** What is wrong with a LimitRange, new or changed. */
export function* limitRangeErrors(object: KubeObject): FieldErrors {
  yield* coreObjectMetaErrors(object);
  const seen = new Set<string>();
  for (const [index, limit] of ((object as Unchecked<V1LimitRange>).spec?.limits ?? []).entries()) {
    const field = `spec.limits[${index}]`;
    const { type = "" } = limit;
    yield* typeErrors(`${field}.type`, type);
    if (seen.has(type)) yield duplicateValue(`${field}.type`, type);
    seen.add(type);
    yield* limitErrors(field, limit);
  }
}

const types = ["Pod", "Container", "PersistentVolumeClaim"];

function* typeErrors(field: string, type: string): FieldErrors {
  const reasons = qualifiedName(type);
  for (const reason of reasons) yield invalidWord(field, type, reason);
  if (reasons.length === 0 && !type.includes("/") && !types.includes(type))
    yield invalidWord(field, type, "must be a standard limit type or fully qualified");
}

type Quantities = Readonly<Record<string, string>>;

function* limitErrors(field: string, limit: Unchecked<V1LimitRangeItem>): FieldErrors {
  const { type = "" } = limit;
  const isPod = type === "Pod";
  const checkName = isPod || type === "Container" ? containerResourceNameErrors : resourceNameErrors;
  const names = new Set<string>();
  function* listErrors(list: keyof Unchecked<V1LimitRangeItem>): FieldErrors {
    for (const name of Object.keys(limit[list] ?? {})) {
      yield* checkName(`${field}.${list}[${name}]`, name);
      names.add(name);
    }
  }
  yield* listErrors("max");
  yield* listErrors("min");
  for (const list of ["default", "defaultRequest"] as const) {
    if (!isPod) yield* listErrors(list);
    else if (Object.keys(limit[list] ?? {}).length > 0)
      yield forbiddenValue(`${field}.${list}`, "may not be specified when `type` is 'Pod'");
  }
  const bounds = [limit.min?.["storage"], limit.max?.["storage"]];
  if (type === "PersistentVolumeClaim" && bounds.every((bound) => bound === undefined))
    yield requiredValue(
      `${field}.limits`,
      "either minimum or maximum storage value is required, but neither was provided",
    );
  yield* listErrors("maxLimitRequestRatio");
  for (const name of names) yield* amountErrors(field, limit, name, isPod);
}

/** What is wrong with the amounts of one resource beside each other. */
function* amountErrors(
  field: string,
  limit: Unchecked<V1LimitRangeItem>,
  name: string,
  isPod: boolean,
): FieldErrors {
  const min = amountOf(limit.min, name);
  const max = amountOf(limit.max, name);
  const byDefault = isPod ? undefined : amountOf(limit.default, name);
  const request = isPod ? undefined : amountOf(limit.defaultRequest, name);
  const at = (list: string) => `${field}.${list}[${name}]`;
  if (isAbove(min, max))
    yield invalidValue(at("min"), min, `min value ${min} is greater than max value ${max}`);
  if (isAbove(min, request))
    yield invalidValue(
      at("defaultRequest"),
      request,
      `min value ${min} is greater than default request value ${request}`,
    );
  if (isAbove(request, max))
    yield invalidValue(
      at("defaultRequest"),
      request,
      `default request value ${request} is greater than max value ${max}`,
    );
  if (isAbove(request, byDefault))
    yield invalidValue(
      at("defaultRequest"),
      request,
      `default request value ${request} is greater than default limit value ${byDefault}`,
    );
  if (isAbove(min, byDefault))
    yield invalidValue(at("default"), min, `min value ${min} is greater than default value ${byDefault}`);
  if (isAbove(byDefault, max))
    yield invalidValue(at("default"), max, `default value ${byDefault} is greater than max value ${max}`);
  yield* ratioErrors(at("maxLimitRequestRatio"), amountOf(limit.maxLimitRequestRatio, name), min, max);
  const mayOvercommit = isNative(name) && !isHugePages(name);
  if (!mayOvercommit && byDefault !== undefined && request !== undefined && byDefault !== request)
    yield invalidValue(
      at("defaultRequest"),
      request,
      `default value ${byDefault} must equal to defaultRequest value ${request} in ${name}`,
    );
}

function* ratioErrors(
  field: string,
  ratio: string | undefined,
  min: string | undefined,
  max: string | undefined,
): FieldErrors {
  if (ratio === undefined) return;
  if (compareQuantity(ratio, 1) < 0) yield invalidValue(field, ratio, `ratio ${ratio} is less than 1`);
  if (min === undefined || max === undefined) return;
  const most = Number(parseQuantity(max)) / Number(parseQuantity(min));
  if (Number(parseQuantity(ratio)) / 1e9 > most)
    yield invalidValue(field, ratio, `ratio ${ratio} is greater than max/min = ${most.toFixed(6)}`);
}

function amountOf(list: Unchecked<V1LimitRangeItem>["max"], name: string): string | undefined {
  const amount = (list as Quantities | undefined)?.[name];
  return amount === undefined ? undefined : canonicalQuantity(amount);
}

function isAbove(amount: string | undefined, other: string | undefined): boolean {
  return amount !== undefined && other !== undefined && compareQuantity(amount, other) > 0;
}
