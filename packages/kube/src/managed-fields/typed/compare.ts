import { deepEqual } from "../../deep-equal.ts";
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

/** In what two values differ. No field is in two of the sets. */
export interface Comparison {
  readonly added: FieldSet;
  readonly modified: FieldSet;
  readonly removed: FieldSet;
}

/**
 * Compares two values of a type, except for `ignored` fields and all that is inside them.
 * https://github.com/kubernetes-sigs/structured-merge-diff/blob/v6.3.3/typed/compare.go
 */
export function compareValues(
  before: unknown,
  after: unknown,
  type: MergeType,
  ignored: FieldSet = FieldSet.empty,
): Comparison {
  const { added, modified, removed } = compare({ before, after, type, ignored }, "") ?? {};
  const inside = (node: FieldNode | undefined) => node?.children ?? FieldSet.empty;
  return { added: inside(added), modified: inside(modified), removed: inside(removed) };
}

/** Two values at one place; undefined stands for a value that is not there. */
interface Pair {
  readonly before: unknown;
  readonly after: unknown;
  readonly type: MergeType;
  readonly ignored: FieldSet;
}

/** What differs at one place and inside it. Most places do not differ, so that nothing is made for them. */
interface Difference {
  readonly added?: FieldNode | undefined;
  readonly modified?: FieldNode | undefined;
  readonly removed?: FieldNode | undefined;
}

function compare(pair: Pair, element: PathElement): Difference | undefined {
  const { before, after, type, ignored } = pair;
  if (before === undefined) return { added: wholeNode(after, type, ignored, element) };
  if (after === undefined) return { removed: wholeNode(before, type, ignored, element) };
  const shape = shapeOf(type, after);
  const shapeBefore = shapeOf(type, before);
  const difference = compareAs(pair, handledAs(type, shape), element);
  if (shape === shapeBefore) return difference;
  return both(compareAs(pair, handledAs(type, shapeBefore), element), difference);
}

function compareAs(pair: Pair, { map, list }: MergeType, element: PathElement): Difference | undefined {
  const { before, after } = pair;
  if (map !== undefined) {
    const [left, right] = [asMap(before), asMap(after)];
    if (!map.isAtomic && (hasFields(left) || hasFields(right)))
      return partsOf(element, compareMaps(pair, left, right, map));
  } else if (list !== undefined) {
    const [left, right] = [asList(before), asList(after)];
    if (list.relationship !== "atomic" && (left.length > 0 || right.length > 0)) {
      return deepEqual(left, right) ? undefined : partsOf(element, compareLists(left, right, list));
    }
  }
  return deepEqual(before, after) ? undefined : { modified: leafNode(element) };
}

/** A value that comes or goes, and so does all that is in it. */
function wholeNode(value: unknown, type: MergeType, ignored: FieldSet, element: PathElement): FieldNode {
  const { map, list } = handledAs(type, shapeOf(type, value));
  if (map !== undefined && !map.isAtomic && isJsonObject(value))
    return withParts(element, fieldNodes(value, map, ignored));
  if (list?.relationship === "associative" && Array.isArray(value))
    return withParts(element, itemNodes(value, list));
  return leafNode(element);
}

function withParts(element: PathElement, nodes: FieldNode[]): FieldNode {
  return fieldNode(element, true, FieldSet.ofNodes(nodes));
}

function fieldNodes(value: Fields, map: MapType, ignored: FieldSet): FieldNode[] {
  const nodes: FieldNode[] = [];
  for (const name of Object.keys(value)) {
    const type = fieldTypeOf(map, name);
    if (type === undefined || value[name] === undefined) continue;
    const element = fieldElement(name);
    if (ignored.isEmpty) nodes.push(wholeNode(value[name], type, ignored, element));
    else if (!ignored.hasMember(element))
      nodes.push(wholeNode(value[name], type, ignored.inside(element), element));
  }
  return nodes;
}

function itemNodes(items: readonly unknown[], list: ListType): FieldNode[] {
  const { first, repeated } = byElement(items, list);
  return Array.from(first, ([element, item]) =>
    repeated?.has(element) === true
      ? leafNode(element)
      : wholeNode(item, list.element, FieldSet.empty, element),
  );
}

/** What differs in a value with parts that is there before and after. */
function partsOf(element: PathElement, parts: Parts): Difference | undefined {
  if (parts.isEmpty) return undefined;
  return {
    added: nodeOf(element, parts.added),
    modified: nodeOf(element, parts.modified),
    removed: nodeOf(element, parts.removed),
  };
}

function nodeOf(element: PathElement, nodes: FieldNode[] | undefined): FieldNode | undefined {
  return nodes === undefined ? undefined : fieldNode(element, false, FieldSet.ofNodes(nodes));
}

/** The differences of the parts of a value. */
class Parts {
  added: FieldNode[] | undefined;
  modified: FieldNode[] | undefined;
  removed: FieldNode[] | undefined;

  get isEmpty(): boolean {
    return this.added === undefined && this.modified === undefined && this.removed === undefined;
  }

  take(difference: Difference | undefined): void {
    if (difference === undefined) return;
    const { added, modified, removed } = difference;
    if (added !== undefined) (this.added ??= []).push(added);
    if (modified !== undefined) (this.modified ??= []).push(modified);
    if (removed !== undefined) (this.removed ??= []).push(removed);
  }
}

function compareMaps({ before, after, ignored }: Pair, left: Fields, right: Fields, map: MapType): Parts {
  const parts = new Parts();
  const compareField = (name: string) => {
    const type = fieldTypeOf(map, name);
    const [own, other] = [fieldIn(left, name), fieldIn(right, name)];
    if (type === undefined || own === other) return;
    const element = fieldElement(name);
    const isIgnored = !ignored.isEmpty && ignored.hasMember(element);
    if (isIgnored) return;
    // Only a struct that is there has fields that are written though they are empty.
    const absent = map.fields.get(name)?.absent;
    const one = own === undefined && left === before ? absent : own;
    const two = other === undefined && right === after ? absent : other;
    const inside = ignored.isEmpty ? ignored : ignored.inside(element);
    parts.take(compare({ before: one, after: two, type, ignored: inside }, element));
  };
  for (const name of Object.keys(left)) compareField(name);
  for (const name of Object.keys(right)) if (!Object.hasOwn(left, name)) compareField(name);
  return parts;
}

function compareLists(before: readonly unknown[], after: readonly unknown[], list: ListType): Parts {
  const parts = new Parts();
  const [left, right] = [byElement(before, list), byElement(after, list)];
  const compareItem = (element: PathElement) => {
    const pair = { before: left.first.get(element), after: right.first.get(element) };
    const isRepeated = left.repeated?.has(element) === true || right.repeated?.has(element) === true;
    parts.take(
      isRepeated
        ? compareRepeated(element, left, right, list)
        : compare({ ...pair, type: list.element, ignored: FieldSet.empty }, element),
    );
  };
  for (const element of left.first.keys()) compareItem(element);
  for (const element of right.first.keys()) if (!left.first.has(element)) compareItem(element);
  return parts;
}

/** The items of a list by their elements. */
interface Items {
  readonly first: ReadonlyMap<PathElement, unknown>;
  /** All items of the elements that several have. */
  readonly repeated: ReadonlyMap<PathElement, readonly unknown[]> | undefined;
}

function byElement(items: readonly unknown[], list: ListType): Items {
  const first = new Map<PathElement, unknown>();
  let repeated: Map<PathElement, unknown[]> | undefined;
  for (const item of items) {
    const element = findListElement(list, item);
    if (element === undefined) continue;
    if (!first.has(element)) {
      first.set(element, item);
      continue;
    }
    repeated ??= new Map();
    const same = repeated.get(element);
    if (same === undefined) repeated.set(element, [first.get(element), item]);
    else same.push(item);
  }
  return { first, repeated };
}

/** Items that are there several times are compared as one value, and come and go as one. */
function compareRepeated(
  element: PathElement,
  left: Items,
  right: Items,
  list: ListType,
): Difference | undefined {
  const [lefts, rights] = [left.repeated?.get(element), right.repeated?.get(element)];
  if (lefts !== undefined && rights !== undefined)
    return deepEqual(lefts, rights) ? undefined : { modified: leafNode(element) };
  const single = { before: left.first.get(element), after: right.first.get(element) };
  const only = lefts === undefined ? { ...single, after: undefined } : { ...single, before: undefined };
  const marker = lefts === undefined ? { added: leafNode(element) } : { removed: leafNode(element) };
  if (only.before === undefined && only.after === undefined) return marker;
  return both(compare({ ...only, type: list.element, ignored: FieldSet.empty }, element), marker);
}

/** Two differences at one place as one. */
function both(one: Difference | undefined, other: Difference | undefined): Difference | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return {
    added: eitherNode(one.added, other.added),
    modified: eitherNode(one.modified, other.modified),
    removed: eitherNode(one.removed, other.removed),
  };
}

function eitherNode(one: FieldNode | undefined, other: FieldNode | undefined): FieldNode | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  const { element, isMember, children } = one;
  return fieldNode(element, isMember || other.isMember, children.union(other.children));
}

type Fields = Readonly<Record<string, unknown>>;

const noFields: Fields = {};

function asMap(value: unknown): Fields {
  return isJsonObject(value) ? value : noFields;
}

function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function hasFields(map: Fields): boolean {
  for (const name in map) if (map[name] !== undefined) return true;
  return false;
}

/** A field's own value: JSON may hold fields that are called like methods of objects. */
function fieldIn(map: Fields, name: string): unknown {
  return Object.hasOwn(map, name) ? map[name] : undefined;
}
