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
  const found: Found = { first: undefined, last: undefined };
  decodeStruct(type, body, "", [], found);
  return found.last ?? found.first;
}

/** A type that does not fit is noted and decoding goes on; a text that a type of its own refuses ends it. */
interface Found {
  first: string | undefined;
  last: string | undefined;
}

/** Where a value stands: its struct, and the names of the fields that lead to it. */
interface Place {
  readonly struct: string;
  readonly path: readonly string[];
}

function decodeStruct(
  type: string,
  value: unknown,
  struct: string,
  path: readonly string[],
  found: Found,
): void {
  if (value === null || value === undefined) return;
  const [, ...names] = type.split(".");
  if (!isJsonObject(value)) return note(found, { struct, path }, value, names.join("."));
  const fields = findTypeSchema(type);
  for (const [name, item] of Object.entries(value)) {
    if (found.last !== undefined) return;
    const field = fields?.get(name);
    const place = { struct: names.at(-1) ?? "", path: [...path, name] };
    if (field !== undefined) decodeField(field, goTypeOf(`${type}.${name}`, field), item, place, found);
  }
}

function decodeField(field: FieldSchema, goType: string, value: unknown, place: Place, found: Found): void {
  if (value === null || value === undefined) return;
  if (field.shape === "single") return decodeItem(field.type, goType, value, place, found);
  if (field.shape === "list") {
    if (!Array.isArray(value)) return note(found, place, value, goType);
    const item = goType.startsWith("[]") ? goType.slice(2) : itemOf(field.type);
    for (const one of value) {
      if (found.last !== undefined) return;
      decodeItem(field.type, item, one, place, found);
    }
    return;
  }
  if (!isJsonObject(value)) return note(found, place, value, goType);
  const inner: FieldSchema = { ...field, shape: field.shape === "mapOfLists" ? "list" : "single" };
  const item = /^map\[[^\]]*\](.*)$/.exec(goType)?.[1] ?? itemOf(field.type);
  for (const one of Object.values(value)) {
    if (found.last !== undefined) return;
    decodeField(inner, item, one, place, found);
  }
}

function decodeItem(type: string, goType: string, value: unknown, place: Place, found: Found): void {
  if (value === null || value === undefined) return;
  switch (type) {
    case "string":
      if (typeof value !== "string") note(found, place, value, goType);
      return;
    case "boolean":
      if (typeof value !== "boolean") note(found, place, value, goType);
      return;
    case "number":
      if (typeof value !== "number") note(found, place, value, goType);
      return;
    case "integer":
      return decodeInteger(goType, value, place, found);
    case "intOrString":
      if (typeof value !== "string") decodeInteger("int32", value, place, found);
      return;
    case "base64":
      if (typeof value !== "string") note(found, place, value, goType);
      else found.first ??= base64Error(value);
      return;
    case "quantity":
      found.last = quantityError(value);
      return;
    case "time":
      if (typeof value !== "string") note(found, place, value, "string");
      else found.last = timeError(value, goType.endsWith("MicroTime") ? 6 : 0);
      return;
    default:
      if (findTypeSchema(type) !== undefined) decodeStruct(type, value, place.struct, place.path, found);
  }
}

function decodeInteger(goType: string, value: unknown, place: Place, found: Found): void {
  if (typeof value !== "number") return note(found, place, value, goType);
  const most = goType === "int64" ? 2 ** 63 : 2 ** 31;
  if (Number.isInteger(value) && value >= -most && value < most) return;
  note(found, place, value, goType, `number ${value}`);
}

function note(found: Found, place: Place, value: unknown, goType: string, shown = jsonType(value)): void {
  found.first ??= `json: cannot unmarshal ${shown} into Go struct field ${[place.struct, ...place.path].join(".")} of type ${goType}`;
}

function jsonType(value: unknown): string {
  if (Array.isArray(value)) return "array";
  return typeof value === "boolean" ? "bool" : typeof value;
}

function goTypeOf(path: string, field: FieldSchema): string {
  const known = goTypes.fields[path];
  if (known !== undefined) return known;
  const item = itemOf(field.type);
  if (field.shape === "list") return `[]${item}`;
  if (field.shape === "single") return item;
  return `map[string]${field.shape === "mapOfLists" ? "[]" : ""}${item}`;
}

/** The type in Go that a type of the schema lets expect; goTypes has the others. */
function itemOf(type: string): string {
  return plainTypes[type] ?? (type.includes(".") ? type.split(".").slice(1).join(".") : type);
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
