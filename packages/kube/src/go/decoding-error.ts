import { isJsonObject, type JsonObject } from "../patch/json-value.ts";
import { findTypeSchema, schemaTypeOf, type FieldSchema } from "../schema/schema.ts";
import { base64Error, quantityError, timeError } from "./parse-errors.ts";
import { expectedType } from "./expected-type.ts";
import { goTypes } from "./go-types.ts";

/**
 * Why the API server cannot make an object of its kind out of a body, in the words of Go's decoder; undefined when it can.
 * Fields that are not known are not its business. Bytes that are a list of numbers become base64, in the body itself. https://github.com/kubernetes-sigs/json
 */
export function decodingError(apiVersion: string, kind: string, body: unknown): string | undefined {
  const type = schemaTypeOf(apiVersion, kind);
  if (type === undefined) return undefined;
  const decoding: Decoding = { struct: "", path: [], first: undefined, last: undefined };
  decodeStruct(type, body, decoding);
  return decoding.last ?? decoding.first;
}

/** A type that does not fit is noted and decoding goes on; what a type refuses that decodes itself ends it. */
interface Decoding {
  /** The struct that is being decoded, without its package. */
  struct: string;
  /** The fields that lead to where decoding is. */
  readonly path: string[];
  first: string | undefined;
  last: string | undefined;
}

function decodeStruct(type: string, value: unknown, decoding: Decoding): void {
  if (value === null || value === undefined) return;
  if (!isJsonObject(value)) return note(decoding, value, expectedType(type));
  const fields = findTypeSchema(type);
  const outer = decoding.struct;
  decoding.struct = structName(type);
  for (const name in value) {
    const field = fields?.get(name);
    if (field === undefined) continue;
    const goField = goFieldOf(type, name, field);
    decoding.path.push(goField.path);
    decodeField(field, goField, { holder: value, key: name }, decoding);
    decoding.path.pop();
    if (decoding.last !== undefined) return;
  }
  decoding.struct = outer;
}

/** What the decoder says of a field. */
interface GoField extends GoFieldTypes {
  /** Its name, after those of the embedded structs in which it is. */
  readonly path: string;
}

/** The types in Go of a field and, when it is a list or a map, of what is in it. */
interface GoFieldTypes {
  readonly whole: string;
  readonly item: string;
  /** What is in a map of lists. */
  readonly list: GoFieldTypes | undefined;
}

function decodeField(
  { type, shape }: Pick<FieldSchema, "type" | "shape">,
  { whole, item, list }: GoFieldTypes,
  place: Place,
  decoding: Decoding,
): void {
  if (shape === "single") return decodeItem(type, whole, place, decoding);
  const holder = place.holder[place.key];
  if (holder === null || holder === undefined) return;
  if (shape === "list" ? !Array.isArray(holder) : !isJsonObject(holder)) return note(decoding, holder, whole);
  for (const key of Object.keys(holder)) {
    const inside = { holder: holder as JsonObject, key };
    if (list === undefined) decodeItem(type, item, inside, decoding);
    else decodeField({ type, shape: "list" }, list, inside, decoding);
    if (decoding.last !== undefined) return;
  }
}

/** Where a value stands. */
interface Place {
  readonly holder: JsonObject;
  readonly key: string;
}

function decodeItem(type: string, goType: string, { holder, key }: Place, decoding: Decoding): void {
  const value = holder[key];
  if (value === null || value === undefined) return;
  switch (type) {
    case "string":
    case "boolean":
    case "number":
      if (typeof value !== type) note(decoding, value, goType);
      return;
    case "integer":
      decoding.first ??= integerError(goType, value, decoding);
      return;
    case "intOrString":
      if (typeof value !== "string") decoding.last = integerError("int32", value, decoding);
      return;
    case "base64":
      if (Array.isArray(value)) holder[key] = decodeBytes(value, decoding);
      else if (typeof value !== "string") note(decoding, value, goType);
      else decoding.first ??= base64Error(value);
      return;
    case "quantity":
      decoding.last = quantityError(value);
      return;
    case "time":
      decoding.last =
        typeof value === "string"
          ? timeError(value, goType.endsWith("MicroTime") ? 6 : 0)
          : wrongType(decoding, jsonType(value), "string");
      return;
    default:
      if (findTypeSchema(type) !== undefined) decodeStruct(type, value, decoding);
  }
}

/** To Go, bytes are a list of numbers as well. */
function decodeBytes(values: readonly unknown[], decoding: Decoding): string {
  for (const value of values) {
    if (typeof value !== "number") note(decoding, value, "uint8");
    else if (!Number.isInteger(value) || value < 0 || value > 255)
      decoding.first ??= wrongType(decoding, `number ${value}`, "uint8");
  }
  return Buffer.from(values as number[]).toString("base64");
}

function integerError(goType: string, value: unknown, decoding: Decoding): string | undefined {
  if (typeof value !== "number") return wrongType(decoding, jsonType(value), goType);
  const most = goType === "int64" ? 2 ** 63 : 2 ** 31;
  if (Number.isInteger(value) && value >= -most && value < most) return undefined;
  return wrongType(decoding, `number ${value}`, goType);
}

function note(decoding: Decoding, value: unknown, goType: string): void {
  decoding.first ??= wrongType(decoding, jsonType(value), goType);
}

function wrongType({ struct, path }: Decoding, shown: string, goType: string): string {
  return `json: cannot unmarshal ${shown} into Go struct field ${[struct, ...path].join(".")} of type ${goType}`;
}

function jsonType(value: unknown): string {
  if (Array.isArray(value)) return "array";
  return typeof value === "boolean" ? "bool" : typeof value;
}

/** Every write goes through here, so that what follows from the schema alone is found out once. */
const goFields = new WeakMap<FieldSchema, GoField>();

function goFieldOf(type: string, name: string, field: FieldSchema): GoField {
  let found = goFields.get(field);
  if (found === undefined) {
    found = { path: pathOf(type, name), ...goTypesOf(goTypes.fields[`${type}.${name}`], field) };
    goFields.set(field, found);
  }
  return found;
}

function pathOf(type: string, name: string): string {
  for (const struct of goTypes.embedded[type]?.split(" ") ?? []) {
    const [path = "", fields = ""] = struct.split("=");
    if (fields.split(",").includes(name)) return `${path}.${name}`;
  }
  return name;
}

function goTypesOf(known: string | undefined, { type, shape }: FieldSchema): GoFieldTypes {
  const [, inKnown] = /^(?:\[\]|map\[[^\]]*\])(.*)$/.exec(known ?? "") ?? [];
  const item = inKnown ?? expectedType(type);
  if (shape === "single") return { whole: known ?? item, item, list: undefined };
  if (shape === "list") return { whole: known ?? `[]${item}`, item, list: undefined };
  if (shape === "map") return { whole: known ?? `map[string]${item}`, item, list: undefined };
  const whole = inKnown ?? `[]${expectedType(type)}`;
  const list = { whole, item: whole.startsWith("[]") ? whole.slice(2) : expectedType(type), list: undefined };
  return { whole: known ?? `map[string]${whole}`, item: whole, list };
}

function structName(type: string): string {
  return type.slice(type.lastIndexOf(".") + 1);
}
