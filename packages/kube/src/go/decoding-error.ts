import { isJsonObject } from "../patch/json-value.ts";
import { findTypeSchema, schemaTypeOf, type FieldSchema } from "../schema/schema.ts";
import { base64Error, quantityError, timeError } from "./parse-errors.ts";
import { goTypes } from "./go-types.ts";

/**
 * Why the API server cannot make an object of its kind out of a body, in the words of Go's decoder; undefined when it can.
 * Fields that are not known are not its business. https://github.com/kubernetes-sigs/json
 */
export function decodingError(apiVersion: string, kind: string, body: unknown): string | undefined {
  const type = schemaTypeOf(apiVersion, kind);
  if (type === undefined) return undefined;
  const decoding: Decoding = { struct: "", path: [], first: undefined, last: undefined };
  decodeStruct(type, body, decoding);
  return decoding.last ?? decoding.first;
}

/** A type that does not fit is noted and decoding goes on; a text that a type of its own refuses ends it. */
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
  if (!isJsonObject(value)) return note(decoding, value, itemOf(type));
  const fields = findTypeSchema(type);
  const outer = decoding.struct;
  decoding.struct = structName(type);
  for (const name in value) {
    const field = fields?.get(name);
    if (field === undefined) continue;
    decoding.path.push(name);
    decodeField(field, goFieldOf(type, name, field), value[name], decoding);
    decoding.path.pop();
    if (decoding.last !== undefined) return;
  }
  decoding.struct = outer;
}

/** The types in Go of a field and, when it is a list or a map, of what is in it. */
interface GoField {
  readonly whole: string;
  readonly item: string;
  /** What is in a map of lists. */
  readonly list: GoField | undefined;
}

function decodeField(
  { type, shape }: Pick<FieldSchema, "type" | "shape">,
  { whole, item, list }: GoField,
  value: unknown,
  decoding: Decoding,
): void {
  if (value === null || value === undefined) return;
  if (shape === "single") return decodeItem(type, whole, value, decoding);
  const isList = shape === "list";
  if (isList ? !Array.isArray(value) : !isJsonObject(value)) return note(decoding, value, whole);
  for (const one of isList ? (value as unknown[]) : Object.values(value)) {
    if (list === undefined) decodeItem(type, item, one, decoding);
    else decodeField({ type, shape: "list" }, list, one, decoding);
    if (decoding.last !== undefined) return;
  }
}

function decodeItem(type: string, goType: string, value: unknown, decoding: Decoding): void {
  if (value === null || value === undefined) return;
  switch (type) {
    case "string":
    case "boolean":
    case "number":
      if (typeof value !== type) note(decoding, value, goType);
      return;
    case "integer":
      return decodeInteger(goType, value, decoding);
    case "intOrString":
      if (typeof value !== "string") decodeInteger("int32", value, decoding);
      return;
    case "base64":
      if (typeof value !== "string") note(decoding, value, goType);
      else decoding.first ??= base64Error(value);
      return;
    case "quantity":
      decoding.last = quantityError(value);
      return;
    case "time":
      if (typeof value !== "string") note(decoding, value, "string");
      else decoding.last = timeError(value, goType.endsWith("MicroTime") ? 6 : 0);
      return;
    default:
      if (findTypeSchema(type) !== undefined) decodeStruct(type, value, decoding);
  }
}

function decodeInteger(goType: string, value: unknown, decoding: Decoding): void {
  if (typeof value !== "number") return note(decoding, value, goType);
  const most = goType === "int64" ? 2 ** 63 : 2 ** 31;
  if (Number.isInteger(value) && value >= -most && value < most) return;
  note(decoding, value, goType, `number ${value}`);
}

function note(decoding: Decoding, value: unknown, goType: string, shown = jsonType(value)): void {
  const field = [decoding.struct, ...decoding.path].join(".");
  decoding.first ??= `json: cannot unmarshal ${shown} into Go struct field ${field} of type ${goType}`;
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
    found = makeGoField(goTypes.fields[`${type}.${name}`], field);
    goFields.set(field, found);
  }
  return found;
}

function makeGoField(known: string | undefined, { type, shape }: FieldSchema): GoField {
  const [, inKnown] = /^(?:\[\]|map\[[^\]]*\])(.*)$/.exec(known ?? "") ?? [];
  const item = inKnown ?? itemOf(type);
  if (shape === "single") return { whole: known ?? item, item, list: undefined };
  if (shape === "list") return { whole: known ?? `[]${item}`, item, list: undefined };
  if (shape === "map") return { whole: known ?? `map[string]${item}`, item, list: undefined };
  const whole = inKnown ?? `[]${itemOf(type)}`;
  const list = { whole, item: whole.startsWith("[]") ? whole.slice(2) : itemOf(type), list: undefined };
  return { whole: known ?? `map[string]${whole}`, item: whole, list };
}

/** The type in Go that a type of the schema lets expect; goTypes has the others. */
function itemOf(type: string): string {
  return plainTypes[type] ?? (type.includes(".") ? type.slice(type.indexOf(".") + 1) : type);
}

function structName(type: string): string {
  return type.slice(type.lastIndexOf(".") + 1);
}

const plainTypes: Readonly<Record<string, string>> = {
  integer: "int32",
  boolean: "bool",
  number: "float64",
  quantity: "resource.Quantity",
  intOrString: "intstr.IntOrString",
  time: "v1.Time",
  base64: "[]uint8",
};
