import { duplicateValue, invalidValue, type FieldErrors } from "../kinds/field-error.ts";
import { isJsonObject } from "../patch/json-value.ts";
import { itemsOf, schemaOfKey, propertyOf, type JSONSchemaProps } from "./json-schema-props.ts";

/**
 * Items that are there twice in a list that is a set or a map.
 * https://github.com/kubernetes/apiextensions-apiserver/blob/v0.36.3/pkg/apiserver/schema/listtype/validation.go
 */
export function* listErrors(value: unknown, schema: JSONSchemaProps | undefined, path = ""): FieldErrors {
  if (schema === undefined) return;
  if (Array.isArray(value)) {
    const type = schema["x-kubernetes-list-type"];
    if (type === "set") yield* setErrors(value, path, (item) => item);
    if (type === "map") yield* mapErrors(value, schema, path);
    for (const [index, item] of value.entries())
      yield* listErrors(item, itemsOf(schema), `${path}[${index}]`);
  } else if (isJsonObject(value)) {
    for (const [key, field] of Object.entries(value)) {
      const isNamed = propertyOf(schema, key) !== undefined;
      const inner = isNamed ? (path === "" ? key : `${path}.${key}`) : `${path}[${key}]`;
      yield* listErrors(field, schemaOfKey(schema, key), inner);
    }
  }
}

function* mapErrors(items: readonly unknown[], schema: JSONSchemaProps, path: string): FieldErrors {
  const wrong = items.findIndex((item) => item !== null && !isJsonObject(item));
  if (wrong >= 0) {
    const detail = "must be an object for an array of list-type map";
    yield invalidValue(`${path}[${wrong}]`, items[wrong], detail);
    return;
  }
  const names = (schema["x-kubernetes-list-map-keys"] ?? []).toSorted();
  yield* setErrors(items, path, (item) => {
    const present = isJsonObject(item) ? names.filter((name) => Object.hasOwn(item, name)) : [];
    return Object.fromEntries(present.map((name) => [name, (item as Record<string, unknown>)[name]]));
  });
}

/** The second of several equal items is told, and no more of them. */
function* setErrors(items: readonly unknown[], path: string, keyOf: (item: unknown) => unknown): FieldErrors {
  const seen = new Map<string, number>();
  for (const [index, item] of items.entries()) {
    const key = keyOf(item);
    const text = sortedJson(key);
    const times = seen.get(text) ?? 0;
    seen.set(text, times + 1);
    if (times === 1) yield duplicateValue(`${path}[${index}]`, key);
  }
}

function sortedJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    isJsonObject(inner)
      ? Object.fromEntries(Object.entries(inner).toSorted(([left], [right]) => (left < right ? -1 : 1)))
      : inner,
  );
}
