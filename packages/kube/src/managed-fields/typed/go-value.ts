import { isJsonObject } from "../../patch/json-value.ts";
import { compareText } from "../field-set/path-element.ts";

/** A JSON value inside an error message, as Go's `%v` prints the wrapper that structured-merge-diff holds it in. */
export function toGoValue(value: unknown): string {
  return `&{${plain(value)}}`;
}

/** The same as `%#v` prints it. */
export function toGoSyntax(value: unknown): string {
  return `&value.valueUnstructured{Value:${literal(value)}}`;
}

/** The type of a JSON value as Go's `%T` prints it. */
export function toGoType(value: unknown): string {
  if (value === null) return "<nil>";
  if (typeof value === "string") return "string";
  if (typeof value === "boolean") return "bool";
  if (typeof value === "number") return Number.isInteger(value) ? "int64" : "float64";
  return Array.isArray(value) ? "[]interface {}" : "map[string]interface {}";
}

function plain(value: unknown): string {
  if (value === null || value === undefined) return "<nil>";
  if (Array.isArray(value)) return `[${value.map(plain).join(" ")}]`;
  if (!isJsonObject(value)) return String(value);
  return `map[${sortedEntries(value)
    .map(([name, item]) => `${name}:${plain(item)}`)
    .join(" ")}]`;
}

function literal(value: unknown): string {
  if (value === null || value === undefined) return "interface {}(nil)";
  if (typeof value === "string") return JSON.stringify(value);
  if (Array.isArray(value)) return `[]interface {}{${value.map(literal).join(", ")}}`;
  if (!isJsonObject(value)) return String(value);
  return `map[string]interface {}{${sortedEntries(value)
    .map(([name, item]) => `${JSON.stringify(name)}:${literal(item)}`)
    .join(", ")}}`;
}

function sortedEntries(object: Readonly<Record<string, unknown>>): [string, unknown][] {
  return Object.entries(object).sort(([a], [b]) => compareText(a, b));
}
