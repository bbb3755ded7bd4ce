import { isJsonObject } from "../../patch/json-value.ts";
import { fieldNode, FieldSet, leafNode, type FieldNode } from "../field-set/field-set.ts";
import { fieldElement, type PathElement } from "../field-set/path-element.ts";
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
 * Every leaf and every list item that a value mentions.
 * https://github.com/kubernetes-sigs/structured-merge-diff/blob/v6.3.3/typed/tofieldset.go
 */
export function toFieldSet(value: unknown, type: MergeType): FieldSet {
  return fieldsInside(value, type) ?? FieldSet.empty;
}

/** The fields inside a value; undefined for a leaf. */
function fieldsInside(value: unknown, type: MergeType): FieldSet | undefined {
  const { map, list } = handledAs(type, shapeOf(type, value));
  if (map !== undefined) return map.isAtomic ? undefined : fieldsOfMap(value, map);
  if (list !== undefined) return list.relationship === "atomic" ? undefined : fieldsOfList(value, list);
  return undefined;
}

function fieldsOfMap(value: unknown, map: MapType): FieldSet {
  if (!isJsonObject(value)) return FieldSet.empty;
  const nodes: FieldNode[] = [];
  for (const [name, item] of Object.entries(value)) {
    const type = fieldTypeOf(map, name);
    if (type === undefined || item === undefined) continue;
    const element = fieldElement(name);
    const children = fieldsInside(item, type);
    const isEmpty = item === null || (isJsonObject(item) && Object.keys(item).length === 0);
    const isMember = children === undefined || isEmpty || !map.fields.has(name);
    nodes.push(children === undefined ? leafNode(element) : fieldNode(element, isMember, children));
  }
  return FieldSet.ofNodes(nodes);
}

/** Items with the same element are owned together, without what is inside them. */
function fieldsOfList(value: unknown, list: ListType): FieldSet {
  if (!Array.isArray(value)) return FieldSet.empty;
  const nodes = new Map<PathElement, FieldNode>();
  for (const item of value) {
    const element = findListElement(list, item);
    if (element === undefined) continue;
    const children = nodes.has(element) ? undefined : fieldsInside(item, list.element);
    nodes.set(element, children === undefined ? leafNode(element) : fieldNode(element, true, children));
  }
  return FieldSet.ofNodes([...nodes.values()]);
}
