import { deepEqual } from "../deep-equal.ts";
import {
  invalidValue,
  requiredValue,
  tooLongValue,
  tooManyValues,
  unsupportedJson,
  wrongTypeValue,
  type FieldError,
} from "../kinds/field-error.ts";
import { isJsonObject, type JsonObject } from "../patch/json-value.ts";
import type { Correlation } from "./correlation.ts";
import { goPattern } from "./go-pattern.ts";
import { itemsOf, valuesOf, type JSONSchemaProps } from "./json-schema-props.ts";
import { checkedFormat } from "./schema-formats.ts";

/**
 * What of a value its schema refuses, in the words of Kubernetes
 * (https://github.com/kubernetes/kube-openapi/tree/master/pkg/validation/validate). A part that is what it was before
 * the change, which `correlation` tells, is not refused (KEP-4008, ratcheting). `prefix` is where the value is.
 */
export function schemaErrors(
  value: unknown,
  schema: JSONSchemaProps,
  {
    prefix = "",
    correlation,
  }: { readonly prefix?: string; readonly correlation?: Correlation | undefined } = {},
): FieldError[] {
  const { errors } = validateField(value, schema, "", correlation);
  return errors.map((error) => ({ ...error, field: placed(prefix, error.field) }));
}

/** Errors, and how many checks went well, by which the best of several alternatives is chosen. */
interface Result {
  readonly errors: FieldError[];
  matches: number;
}

const nowhere = "<nil>";

function placed(prefix: string, field: string): string {
  if (prefix === "") return field === "" ? nowhere : field;
  return field === "" || field === nowhere ? prefix : `${prefix}.${field}`;
}

/** A field or an item: what is wrong with it is passed over where it is as it was. */
function validateField(
  value: unknown,
  schema: JSONSchemaProps,
  path: string,
  correlation: Correlation | undefined,
): Result {
  const result = validate(value, schema, path, correlation);
  return result.errors.length > 0 && correlation?.isUnchanged() === true
    ? { errors: [], matches: result.matches }
    : result;
}

/** SchemaValidator.Validate. */
function validate(
  value: unknown,
  schema: JSONSchemaProps,
  path: string,
  correlation: Correlation | undefined,
): Result {
  const result: Result = { errors: [], matches: 0 };
  const types = typesOf(schema);
  const format = checkedFormat(schema);
  if (value === null || value === undefined) {
    merge(result, typeResult(null, schema, types, format, path));
    merge(result, enumResult(null, schema, path));
    return result;
  }
  const apply = (part: Result | undefined) => {
    if (part !== undefined) merge(result, part);
    result.matches += 1;
  };
  if (types.length > 0 || format !== undefined) apply(typeResult(value, schema, types, format, path));
  apply(junctorResult(value, schema, path, correlation));
  if (typeof value === "string") {
    apply(stringResult(value, schema, path));
    if (format?.check !== undefined) apply(formatResult(value, format.name, format.check, path));
  }
  if (typeof value === "number") apply(numberResult(value, schema, types, format?.name, path));
  if (Array.isArray(value)) apply(listResult(value, schema, path, correlation));
  apply(enumResult(value, schema, path));
  if (isJsonObject(value)) apply(objectResult(value, schema, path, correlation));
  result.matches += 1;
  return result;
}

function typesOf(schema: JSONSchemaProps): readonly string[] {
  if (schema["x-kubernetes-int-or-string"] === true) return ["integer", "string"];
  return schema.type === undefined || schema.type === "" ? [] : [schema.type];
}

/** The name of a value's type, as JSON schema has it. */
function typeOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  if (typeof value === "number") return Number.isInteger(value) ? "integer" : "number";
  return typeof value;
}

function typeResult(
  value: unknown,
  schema: JSONSchemaProps,
  types: readonly string[],
  format: ReturnType<typeof checkedFormat>,
  path: string,
): Result {
  const type = typeOf(value);
  const wrong = (expected: string) => failed(wrongType(path, expected, type));
  if (value === null) return types.length > 0 && schema.nullable !== true ? wrong(types.join(",")) : passed();
  const fits = types.includes(type) || (type === "integer" && types.includes("number"));
  if (format !== undefined && type !== "string" && type !== "array" && !fits)
    return failed(
      wrongType(path, format.name, type === "integer" ? "int64" : type === "number" ? "float64" : ""),
    );
  const isNumeric = types.includes("number") || types.includes("integer");
  if (!isNumeric && format !== undefined && (type === "string" || type === "array")) return passed();
  return fits || types.length === 0 ? passed() : wrong(types.join(","));
}

function wrongType(path: string, expected: string, found: string): FieldError {
  const shown = found === "" ? "" : `: ${JSON.stringify(found)}`;
  return wrongTypeValue(path, found, `${path} in body must be of type ${expected}${shown}`);
}

/** allOf, anyOf, oneOf and not (schema_props.go). */
function junctorResult(
  value: unknown,
  schema: JSONSchemaProps,
  path: string,
  correlation: Correlation | undefined,
): Result {
  const result: Result = { errors: [], matches: 1 };
  const { anyOf = [], oneOf = [], allOf = [], not } = schema;
  const complain = (message: string) => add(result.errors, invalidValue(nowhere, "", `"${path}" ${message}`));
  const tryAll = (schemas: readonly JSONSchemaProps[]) =>
    schemas.map((each) => validate(value, each, path, correlation));

  if (anyOf.length > 0) {
    const tried = tryAll(anyOf);
    const valid = tried.find(isValid);
    if (valid === undefined) complain("must validate at least one schema (anyOf)");
    merge(result, valid ?? closest(tried));
  }
  if (oneOf.length > 0) {
    const tried = tryAll(oneOf);
    const valid = tried.filter(isValid);
    if (valid.length === 1) merge(result, valid[0]!);
    else {
      const found = valid.length === 0 ? "Found none valid" : `Found ${valid.length} valid alternatives`;
      complain(`must validate one and only one schema (oneOf). ${found}`);
      if (valid.length === 0) merge(result, closest(tried));
    }
  }
  if (allOf.length > 0) {
    const tried = tryAll(allOf);
    for (const each of tried) merge(result, each);
    const valid = tried.filter(isValid).length;
    if (valid < tried.length)
      complain(`must validate all the schemas (allOf)${valid === 0 ? ". None validated" : ""}`);
  }
  if (not !== undefined && isValid(validate(value, not, path, correlation)))
    complain("must not validate the schema (not)");
  return result;
}

function isValid({ errors }: Result): boolean {
  return errors.length === 0;
}

/** The alternative that comes closest: the first of those with the most checks that went well. */
function closest(tried: readonly Result[]): Result {
  return tried.reduce((best, each) => (each.matches > best.matches ? each : best));
}

function stringResult(value: string, schema: JSONSchemaProps, path: string): Result | undefined {
  const { maxLength, minLength, pattern = "" } = schema;
  const invalid = (message: string) => failed(invalidValue(path, value, `${path} in body should ${message}`));
  if (maxLength !== undefined && isLonger(value, maxLength)) return failed(tooLongValue(path, maxLength));
  if (minLength !== undefined && minLength > 0 && !isLonger(value, minLength - 1))
    return invalid(`be at least ${minLength} chars long`);
  if (pattern !== "" && !matches(pattern, value)) return invalid(`match '${pattern}'`);
  return undefined;
}

/** Whether a text has more than so many characters, of which one may be two UTF-16 units. */
function isLonger(text: string, most: number): boolean {
  return text.length > most && (text.length > 2 * most || [...text].length > most);
}

function matches(pattern: string, value: string): boolean {
  try {
    return goPattern(pattern).test(value);
  } catch {
    return true;
  }
}

function formatResult(
  value: string,
  format: string,
  check: (text: string) => boolean,
  path: string,
): Result | undefined {
  if (check(value)) return undefined;
  return failed(
    wrongTypeValue(path, value, `${path} in body must be of type ${format}: ${JSON.stringify(value)}`),
  );
}

const int32 = { least: -(2 ** 31), most: 2 ** 31 - 1 };
const int64 = { least: -(2 ** 63), most: 2 ** 63 };

function numberResult(
  value: number,
  schema: JSONSchemaProps,
  types: readonly string[],
  format: string | undefined,
  path: string,
): Result {
  const errors: FieldError[] = [];
  const only = types.length === 1 ? types[0] : undefined;
  // Go compares whole numbers with the whole part of a limit.
  const whole = (limit: number) => (Number.isInteger(value) ? Math.trunc(limit) : limit);
  const refuse = (message: string) =>
    add(errors, invalidValue(path, value, `${path} in body should be ${message}`));
  const range = format === "int32" ? int32 : int64;
  if (only === "integer" && (!Number.isInteger(value) || value < range.least || value > range.most)) {
    const kind = format === undefined ? "(default format)" : `with format ${format}`;
    add(errors, invalidValue(nowhere, "", `Checked value must be of type integer ${kind} in ${path}`));
  }
  const { multipleOf, minimum, maximum, exclusiveMinimum, exclusiveMaximum } = schema;
  if (multipleOf !== undefined && !isMultiple(value, whole(multipleOf)))
    refuse(`a multiple of ${whole(multipleOf)}`);
  if (minimum !== undefined) {
    const least = whole(minimum);
    if (exclusiveMinimum === true ? value <= least : value < least)
      refuse(`greater than ${exclusiveMinimum === true ? "" : "or equal to "}${least}`);
  }
  if (maximum !== undefined) {
    const most = whole(maximum);
    if (exclusiveMaximum === true ? value >= most : value > most)
      refuse(`less than ${exclusiveMaximum === true ? "" : "or equal to "}${most}`);
  }
  return { errors, matches: 1 };
}

function isMultiple(value: number, factor: number): boolean {
  if (factor <= 0) return false;
  const times = factor < 1 ? (1 / factor) * value : value / factor;
  return Math.abs(times - Math.round(times)) < 1e-9;
}

function listResult(
  value: readonly unknown[],
  schema: JSONSchemaProps,
  path: string,
  correlation: Correlation | undefined,
): Result {
  const result: Result = { errors: [], matches: 1 };
  const items = itemsOf(schema);
  if (items !== undefined)
    for (const [index, item] of value.entries())
      merge(result, validateField(item, items, `${path}[${index}]`, correlation?.index(index)));
  const { minItems, maxItems } = schema;
  if (minItems !== undefined && value.length < minItems)
    add(
      result.errors,
      invalidValue(path, value.length, `${path} in body should have at least ${minItems} items`),
    );
  if (maxItems !== undefined && value.length > maxItems)
    add(result.errors, tooManyValues(path, value.length, maxItems));
  return result;
}

function enumResult(value: unknown, schema: JSONSchemaProps, path: string): Result | undefined {
  const values = schema.enum ?? [];
  // A null is none of the values, not even of those that name it.
  if (values.length === 0 || (value !== null && values.some((each) => deepEqual(each, value))))
    return undefined;
  return failed(unsupportedJson(path, value, values));
}

function objectResult(
  value: JsonObject,
  schema: JSONSchemaProps,
  path: string,
  correlation: Correlation | undefined,
): Result {
  const result: Result = { errors: [], matches: 0 };
  const { minProperties, maxProperties, required = [], properties = {} } = schema;
  const count = Object.keys(value).length;
  if (minProperties !== undefined && count < minProperties)
    add(
      result.errors,
      invalidValue(path, count, `${path} in body should have at least ${minProperties} properties`),
    );
  if (maxProperties !== undefined && count > maxProperties)
    add(result.errors, tooManyValues(path, count, maxProperties));
  const values = valuesOf(schema);
  for (const [key, field] of Object.entries(value)) {
    const property = Object.hasOwn(properties, key) ? properties[key] : values;
    if (property === undefined) {
      if (schema.additionalProperties === false)
        add(result.errors, invalidValue(path, key, `${path}.${key} in body is a forbidden property`));
      continue;
    }
    // The kind of an object is never ratcheted: both of its states are shown in one version.
    const isOwnType = path === "" && (key === "kind" || key === "apiVersion");
    const inner = isOwnType ? undefined : correlation?.key(key);
    merge(result, validateField(field, property, path === "" ? key : `${path}.${key}`, inner));
  }
  for (const key of required)
    if (!Object.hasOwn(value, key)) add(result.errors, requiredValue(path === "" ? key : `${path}.${key}`));
  return result;
}

function passed(): Result {
  return { errors: [], matches: 1 };
}

function failed(error: FieldError): Result {
  return { errors: [error], matches: 0 };
}

function merge(into: Result, from: Result | undefined): void {
  if (from === undefined) return;
  for (const error of from.errors) add(into.errors, error);
  into.matches += from.matches;
}

/** An error that was told already is not told again. */
function add(errors: FieldError[], error: FieldError): void {
  const isTold = errors.some((each) => each.field === error.field && each.message === error.message);
  if (!isTold) errors.push(error);
}
