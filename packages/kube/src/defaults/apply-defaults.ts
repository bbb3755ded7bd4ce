import type { KubeObject } from "../object.ts";
import { isJsonObject, type JsonObject } from "../patch/json-value.ts";
import { canonicalQuantity, formatQuantity, isQuantity, parseQuantity } from "../quantity/quantity.ts";
import { findTypeSchema, schemaTypeOf, type FieldSchema } from "../schema/schema.ts";
import { findBuiltInKind } from "../kinds/built-in-kinds.ts";
import type { Kind } from "../kinds/kind.ts";
import { typeDefaults } from "./type-defaults.ts";

/**
 * Fills in what the API server fills in when it reads an object: the defaults of its kind and of every type inside it, quantities in their canonical form, no field that is null, and a Secret's `stringData`
 * moved into `data`. It changes the object in place and returns it; doing it again changes nothing.
 * What the server allocates (uid, clusterIP, nodePort) is not a default. An unknown kind stays as it is.
 * Fields that are shared with an object that is `known` to have its defaults are not looked into.
 */
export function applyDefaults<T extends KubeObject>(
  object: T,
  kind: Kind | undefined = findBuiltInKind(object.apiVersion, object.kind),
  known?: JsonObject,
): T {
  const type = schemaTypeOf(object.apiVersion, object.kind);
  if (type !== undefined) dropNulls(object, type);
  // An object's own defaults come before those of its fields: a Volume of nothing becomes an emptyDir first.
  kind?.defaults?.(object);
  if (type !== undefined) visit(object, type, known);
  return object;
}

function dropNulls(object: JsonObject, type: string): void {
  const fields = findTypeSchema(type);
  for (const key in object) if (object[key] === null && fields?.has(key) === true) delete object[key];
}

function visit(object: JsonObject, type: string, known?: JsonObject): void {
  const fields = findTypeSchema(type);
  if (fields === undefined) return;
  dropNulls(object, type);
  typeDefaults[type]?.(object);
  for (const key in object) {
    const value = object[key];
    const field = fields.get(key);
    if (value === undefined || field === undefined || value === known?.[key]) continue;
    if (field.shape === "list" || field.shape === "map") fillNulls(value, field.type);
    if (field.type === "quantity") object[key] = canonical(value, field);
    else for (const item of itemsOf(value, field)) if (isJsonObject(item)) visit(item, field.type);
  }
}

/** In a list or a map Go reads null as the zero value of what is in it. */
function fillNulls(value: unknown, type: string): void {
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) if (item === null) value[index] = zeroOf(type);
  } else if (isJsonObject(value)) {
    for (const key in value) if (value[key] === null) value[key] = zeroOf(type);
  }
}

function zeroOf(type: string): unknown {
  if (findTypeSchema(type) !== undefined) return {};
  return type in zeros ? zeros[type] : null;
}

const zeros: Readonly<Record<string, unknown>> = {
  string: "",
  base64: "",
  quantity: "0",
  integer: 0,
  number: 0,
  intOrString: 0,
  boolean: false,
};

function itemsOf(value: unknown, field: FieldSchema): readonly unknown[] {
  if (field.shape === "single") return [value];
  if (field.shape === "list") return Array.isArray(value) ? value : [];
  return isJsonObject(value) ? Object.values(value).flat() : [];
}

/** Lists of resources are also rounded up to thousandths (SetDefaults_ResourceList). */
function canonical(value: unknown, field: FieldSchema): unknown {
  if (field.shape !== "map") return isQuantity(value) ? canonicalQuantity(value) : value;
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, canonicalResource(item)]));
}

function canonicalResource(value: unknown): unknown {
  if (!isQuantity(value)) return value;
  const nanos = parseQuantity(value);
  const excess = nanos % 1_000_000n;
  if (excess === 0n) return canonicalQuantity(value);
  return formatQuantity(nanos > 0n ? nanos - excess + 1_000_000n : nanos - excess - 1_000_000n);
}
