import type { JsonObject } from "../patch/json-value.ts";
import { isJsonObject } from "../patch/json-value.ts";
import { findTypeErrors, formatTypeErrors } from "./typed/find-type-errors.ts";
import { mergeValues } from "./typed/merge-values.ts";
import { handledAs, shapeOf, type MergeType } from "./typed/merge-type.ts";

/**
 * An object with a configuration merged into it that nobody will own, as mutating policies do. Throws where the
 * configuration does not fit the type, or would replace what can only be replaced whole.
 * https://github.com/kubernetes/apiserver/blob/v0.36.3/pkg/admission/plugin/policy/mutating/patch/smd.go
 */
export function mergeConfiguration(object: JsonObject, config: JsonObject, type: MergeType): JsonObject {
  const errors = findTypeErrors(config, type);
  if (errors.length > 0)
    throw new TypeError(`failed to convert patch object to typed object: ${formatTypeErrors(errors)}`);
  const atomics = [...atomicPaths(config, type, "")];
  if (atomics.length > 0)
    throw new TypeError(
      `invalid ApplyConfiguration: may not mutate atomic arrays, maps or structs: ${atomics.join(", ")}`,
    );
  return mergeValues(object, config, type) as JsonObject;
}

function* atomicPaths(value: unknown, type: MergeType, path: string): Generator<string> {
  const { map, list } = handledAs(type, shapeOf(type, value));
  if (map !== undefined && isJsonObject(value)) {
    if (map.isAtomic) yield path;
    for (const [name, each] of Object.entries(value)) {
      const field = map.fields.get(name);
      if (field !== undefined) yield* atomicPaths(each, field.type, `${path}.${name}`);
    }
  } else if (list !== undefined && Array.isArray(value)) {
    if (list.relationship === "atomic") yield path;
    for (const [index, each] of value.entries()) yield* atomicPaths(each, list.element, `${path}[${index}]`);
  }
}
