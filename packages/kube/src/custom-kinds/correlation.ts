import { deepEqual } from "../deep-equal.ts";
import { isJsonObject } from "../patch/json-value.ts";
import { itemsOf, schemaOfKey, type JSONSchemaProps } from "./json-schema-props.ts";

/**
 * A value of a changed object beside the one that it takes the place of
 * (https://github.com/kubernetes/apiserver/blob/v0.36.3/pkg/cel/common/equality.go).
 */
export interface Correlation {
  readonly old: unknown;
  /** Whether both are the same. */
  isUnchanged(): boolean;
  /** The field of both; undefined where one of them has none. */
  key(name: string): Correlation | undefined;
  /** An item and the one that has the same keys, in a list that is a map; undefined in all other lists. */
  index(index: number): Correlation | undefined;
}

/** Puts a value beside an older one. Nothing is compared before it is asked for. */
export function correlate(value: unknown, old: unknown, schema: JSONSchemaProps): Correlation {
  let unchanged: boolean | undefined;
  return {
    old,
    isUnchanged: () => (unchanged ??= deepEqual(value, old)),
    key(name) {
      if (!isJsonObject(value) || !isJsonObject(old)) return undefined;
      const property = schemaOfKey(schema, name);
      if (property === undefined || !Object.hasOwn(value, name) || !Object.hasOwn(old, name))
        return undefined;
      return correlate(value[name], old[name], property);
    },
    index(index) {
      const items = itemsOf(schema);
      if (!Array.isArray(value) || items === undefined) return undefined;
      const before = oldItem(schema, old, value[index]);
      return before === undefined ? undefined : correlate(value[index], before, items);
    },
  };
}

/** The item of an older list that has the same keys, where the list is a map. */
export function oldItem(schema: JSONSchemaProps, old: unknown, item: unknown): unknown {
  if (schema["x-kubernetes-list-type"] !== "map" || !Array.isArray(old) || !isJsonObject(item))
    return undefined;
  const keys = schema["x-kubernetes-list-map-keys"] ?? [];
  const items: readonly unknown[] = old;
  return items.find(
    (before) => isJsonObject(before) && keys.every((key) => deepEqual(before[key], item[key])),
  );
}
