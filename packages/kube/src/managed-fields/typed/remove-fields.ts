import { isJsonObject, setField, type JsonObject } from "../../patch/json-value.ts";
import type { FieldSet } from "../field-set/field-set.ts";
import { fieldElement } from "../field-set/path-element.ts";
import { findListElement } from "./list-element.ts";
import {
  fieldTypeOf,
  handledAs,
  shapeOf,
  type ListType,
  type MapType,
  type MergeType,
} from "./merge-type.ts";

/**
 * A value without the fields and list items of a set. A map or list of which nothing is left becomes null.
 * https://github.com/kubernetes-sigs/structured-merge-diff/blob/v6.3.3/typed/remove.go
 */
export function removeFields(value: unknown, fields: FieldSet, type: MergeType): unknown {
  const { map, list } = handledAs(type, shapeOf(type, value));
  if (map !== undefined)
    return isJsonObject(value) && !map.isAtomic ? removeFromMap(value, fields, map) : null;
  if (list === undefined) return value;
  return Array.isArray(value) && list.relationship !== "atomic" ? removeFromList(value, fields, list) : null;
}

function removeFromMap(value: JsonObject, fields: FieldSet, map: MapType): JsonObject | null {
  const kept: JsonObject = {};
  for (const [name, item] of Object.entries(value)) {
    const element = fieldElement(name);
    if (fields.hasMember(element) || item === undefined) continue;
    const inside = fields.inside(element);
    const type = fieldTypeOf(map, name);
    setField(kept, name, inside.isEmpty || type === undefined ? item : removeFields(item, inside, type));
  }
  return Object.keys(kept).length === 0 ? null : kept;
}

function removeFromList(value: readonly unknown[], fields: FieldSet, list: ListType): unknown[] | null {
  const kept: unknown[] = [];
  for (const item of value) {
    const element = findListElement(list, item);
    if (element !== undefined && fields.hasMember(element)) continue;
    const inside = element === undefined ? undefined : fields.inside(element);
    kept.push(inside === undefined || inside.isEmpty ? item : removeFields(item, inside, list.element));
  }
  return kept.length === 0 ? null : kept;
}
