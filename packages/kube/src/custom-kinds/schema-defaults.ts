import { isJsonObject, setField } from "../patch/json-value.ts";
import { itemsOf, schemaOfKey, type JSONSchemaProps } from "./json-schema-props.ts";

/**
 * Fills in the defaults of a schema, in place.
 * https://github.com/kubernetes/apiextensions-apiserver/blob/v0.36.3/pkg/apiserver/schema/defaulting/algorithm.go
 */
export function fillInDefaults(value: unknown, schema: JSONSchemaProps | undefined): void {
  if (schema === undefined) return;
  if (Array.isArray(value)) {
    const items = itemsOf(schema);
    for (const [index, item] of value.entries()) {
      if (isForbiddenNull(item, items)) value[index] = copyOf(items?.default) ?? null;
      fillInDefaults(value[index], items);
    }
    return;
  }
  if (!isJsonObject(value)) return;
  for (const [key, property] of Object.entries(schema.properties ?? {})) {
    if (property.default === undefined || property.default === null) continue;
    if (!Object.hasOwn(value, key) || isForbiddenNull(value[key], property))
      setField(value, key, copyOf(property.default));
  }
  for (const key of Object.keys(value)) {
    const field = schemaOfKey(schema, key);
    if (isForbiddenNull(value[key], field)) setField(value, key, copyOf(field?.default) ?? null);
    fillInDefaults(value[key], field);
  }
}

/**
 * Takes out fields that are null, may not be, and have no default that would take the place of the null.
 * https://github.com/kubernetes/apiextensions-apiserver/blob/v0.36.3/pkg/apiserver/schema/defaulting/prunenulls.go
 */
export function dropForbiddenNulls(value: unknown, schema: JSONSchemaProps | undefined): void {
  if (Array.isArray(value)) {
    const items = schema === undefined ? undefined : itemsOf(schema);
    for (const item of value) dropForbiddenNulls(item, items);
  } else if (isJsonObject(value)) {
    for (const [key, field] of Object.entries(value)) {
      const property = schemaOfKey(schema, key);
      const hasDefault = property?.default !== undefined && property.default !== null;
      if (isForbiddenNull(field, property) && !hasDefault) delete value[key];
      else dropForbiddenNulls(field, property);
    }
  }
}

function isForbiddenNull(value: unknown, schema: JSONSchemaProps | undefined): boolean {
  return value === null && schema !== undefined && schema.nullable !== true;
}

function copyOf(value: unknown): unknown {
  return structuredClone(value);
}
