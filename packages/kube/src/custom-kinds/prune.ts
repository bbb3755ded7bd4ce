import { isJsonObject } from "../patch/json-value.ts";
import { itemsOf, propertyOf, valuesOf, type JSONSchemaProps } from "./json-schema-props.ts";

/** The fields that every object has, and that its schema need not speak of. */
export const typeAndMetadata: ReadonlySet<string> = new Set(["apiVersion", "kind", "metadata"]);

/**
 * Takes out of a whole object, in place, what its schema does not know, and gives the paths of it, sorted.
 * https://github.com/kubernetes/apiextensions-apiserver/blob/v0.36.3/pkg/apiserver/schema/pruning/algorithm.go
 */
export function prune(object: unknown, schema: JSONSchemaProps | undefined, isRoot = true): string[] {
  const unknown: string[] = [];
  const root = isRoot ? { ...schema, "x-kubernetes-embedded-resource": true } : schema;
  pruneValue(object, root, "", unknown);
  return unknown.sort();
}

function pruneValue(
  value: unknown,
  schema: JSONSchemaProps | undefined,
  path: string,
  unknown: string[],
): void {
  const keepsUnknown = schema?.["x-kubernetes-preserve-unknown-fields"] === true;
  if (Array.isArray(value)) {
    const items = schema === undefined ? undefined : itemsOf(schema);
    // A list of which nothing is known but that unknown fields stay is left as it is.
    for (const [index, item] of value.entries())
      if (!keepsUnknown || items !== undefined)
        pruneItem(item, items, keepsUnknown, `${path}[${index}]`, unknown);
    return;
  }
  if (!isJsonObject(value)) return;
  for (const [key, field] of Object.entries(value)) {
    if (schema?.["x-kubernetes-embedded-resource"] === true && typeAndMetadata.has(key)) continue;
    const at = path === "" ? key : `${path}.${key}`;
    const property = propertyOf(schema, key);
    if (property !== undefined) pruneValue(field, property, at, unknown);
    else if (schema?.additionalProperties !== undefined) pruneValue(field, valuesOf(schema), at, unknown);
    else if (!keepsUnknown) {
      unknown.push(at);
      delete value[key];
    }
  }
}

/** The items of a list in which unknown fields stay are looked into as if they stayed in them, too. */
function pruneItem(
  item: unknown,
  items: JSONSchemaProps | undefined,
  keepsUnknown: boolean,
  path: string,
  unknown: string[],
): void {
  const schema = keepsUnknown ? { ...items, "x-kubernetes-preserve-unknown-fields": true } : items;
  pruneValue(item, schema, path, unknown);
}
