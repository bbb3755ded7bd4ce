import { isJsonObject } from "../../patch/json-value.ts";
import { itemsOf, propertyOf, valuesOf, type JSONSchemaProps } from "../json-schema-props.ts";
import { cel } from "../../cel/cel.ts";

/**
 * A JSON value as rules see it: whole numbers are integers, times are times, and only fields that the schema names are
 * there (https://github.com/kubernetes/apiextensions-apiserver/blob/v0.36.3/pkg/apiserver/schema/cel/values.go).
 */
export function toCel(value: unknown, schema: JSONSchemaProps, isRoot = false): unknown {
  if (value === null || value === undefined) return null;
  if (Array.isArray(value)) {
    const items = itemsOf(schema);
    return items === undefined ? [] : value.map((item) => toCel(item, items));
  }
  if (isJsonObject(value)) return toMap(value, schema, isRoot);
  if (typeof value === "number")
    return schema.type === "number" || !Number.isInteger(value) ? value : BigInt(value);
  return typeof value === "string" ? toText(value, schema) : value;
}

function toMap(
  value: Record<string, unknown>,
  schema: JSONSchemaProps,
  isRoot: boolean,
): Map<string, unknown> {
  const fields = new Map<string, unknown>();
  const values = valuesOf(schema);
  const whole =
    isRoot || schema["x-kubernetes-embedded-resource"] === true ? withTypeAndMeta(schema) : schema;
  for (const [key, field] of Object.entries(value)) {
    const property = propertyOf(whole, key);
    const name = property === undefined ? key : escapeName(key);
    const known = property ?? values;
    if (known === undefined || name === undefined || (field === null && known.nullable !== true)) continue;
    fields.set(name, toCel(field, known));
  }
  return fields;
}

/** Of the metadata rules see the name only. */
function withTypeAndMeta(schema: JSONSchemaProps): JSONSchemaProps {
  const text: JSONSchemaProps = { type: "string" };
  const metadata = { type: "object", properties: { name: text, generateName: text } };
  return { ...schema, properties: { ...schema.properties, apiVersion: text, kind: text, metadata } };
}

function toText(value: string, { format = "" }: JSONSchemaProps): unknown {
  try {
    if (format === "date-time" || format === "datetime") return cel().timestamp(value);
    if (format === "date") return cel().timestamp(`${value}T00:00:00Z`);
    if (format === "duration") return cel().duration(value);
  } catch {
    return value;
  }
  return format === "byte" ? new Uint8Array(Buffer.from(value, "base64")) : value;
}

/**
 * The name by which a rule calls a field; undefined where it cannot
 * (https://github.com/kubernetes/apiserver/blob/v0.36.3/pkg/cel/escaping.go).
 */
export function escapeName(name: string): string | undefined {
  if (reserved.has(name)) return `__${name}__`;
  if (!/^[A-Za-z_./-][A-Za-z0-9_./-]*$/.test(name)) return undefined;
  return name
    .replaceAll("__", "__underscores__")
    .replaceAll(".", "__dot__")
    .replaceAll("-", "__dash__")
    .replaceAll("/", "__slash__");
}

const reserved: ReadonlySet<string> = new Set([
  "true",
  "false",
  "null",
  "in",
  "as",
  "break",
  "const",
  "continue",
  "else",
  "for",
  "function",
  "if",
  "import",
  "let",
  "loop",
  "package",
  "namespace",
  "return",
  "var",
  "void",
  "while",
]);
