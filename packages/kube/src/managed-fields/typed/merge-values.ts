import { isJsonObject, setField, type JsonObject } from "../../patch/json-value.ts";
import type { PathElement } from "../field-set/path-element.ts";
import { listElement } from "./list-element.ts";
import {
  fieldTypeOf,
  handledAs,
  shapeOf,
  type ListType,
  type MapType,
  type MergeType,
} from "./merge-type.ts";

/**
 * A live value with an applied configuration merged into it. Nothing is taken away: what the configuration does not mention
 * stays, and where both have a leaf the configuration's counts. Lists of which the configuration changes something get its
 * order. Both values have been checked (`findTypeErrors`), and share parts with the result.
 * https://github.com/kubernetes-sigs/structured-merge-diff/blob/v6.3.3/typed/merge.go
 */
export function mergeValues(live: unknown, config: unknown, type: MergeType): unknown {
  const { map, list } = handledAs(type, shapeOf(type, config === undefined ? live : config));
  if (map !== undefined && !map.isAtomic) {
    const [left, right] = [asMap(live), asMap(config)];
    if (Object.keys(left).length > 0 || Object.keys(right).length > 0) return mergeMaps(left, right, map);
  }
  if (list !== undefined && list.relationship !== "atomic") {
    const [left, right] = [asList(live), asList(config)];
    if (left.length > 0 || right.length > 0) return mergeLists(left, right, list);
  }
  return config === undefined ? live : config;
}

function mergeMaps(live: JsonObject, config: JsonObject, map: MapType): JsonObject {
  const merged: JsonObject = {};
  for (const name of new Set([...Object.keys(live), ...Object.keys(config)])) {
    const type = fieldTypeOf(map, name);
    const value =
      type === undefined ? own(config, name) : mergeValues(own(live, name), own(config, name), type);
    if (value !== undefined) setField(merged, name, value);
  }
  return merged;
}

/**
 * The items of both lists. Those that both have keep the configuration's order; items of the live list only stay behind the
 * same neighbours.
 */
function mergeLists(live: readonly unknown[], config: readonly unknown[], list: ListType): unknown[] {
  const [left, right] = [indexItems(live, list), indexItems(config, list)];
  const shared = right.elements.filter((element) => left.items.has(element));
  let nextShared = shared.shift();
  const merged: unknown[] = [];
  const taken = new Set<PathElement>();
  const take = (element: PathElement) => {
    taken.add(element);
    merged.push(mergeValues(left.items.get(element), right.items.get(element), list.element));
  };
  let [at, to] = [0, 0];
  while (at < live.length || to < config.length) {
    const [old, wanted] = [left.elements[at], right.elements[to]];
    if (old !== undefined && old === wanted) {
      take(old);
      at += 1;
      to += 1;
      nextShared = shared.shift();
      continue;
    }
    if (old !== undefined && wanted !== undefined && right.items.has(old)) {
      if (nextShared !== undefined && nextShared !== old) {
        // It is in both, and comes later by the configuration's order.
        at += 1;
        continue;
      }
    }
    if (old !== undefined && !right.items.has(old)) {
      // By position: of items with the same element each is kept.
      merged.push(live[at]);
      at += 1;
      continue;
    }
    if (old !== undefined && taken.has(old)) at += 1;
    if (wanted !== undefined) {
      take(wanted);
      to += 1;
      if (nextShared === wanted) nextShared = shared.shift();
    }
  }
  return merged;
}

interface IndexedItems {
  /** The element of each item. */
  readonly elements: readonly PathElement[];
  /** The item of each element; undefined for items that are there several times, which are not merged into. */
  readonly items: ReadonlyMap<PathElement, unknown>;
}

function indexItems(list: readonly unknown[], type: ListType): IndexedItems {
  const items = new Map<PathElement, unknown>();
  const elements = list.map((item) => {
    const element = listElement(type, item);
    items.set(element, items.has(element) ? undefined : item);
    return element;
  });
  return { elements, items };
}

function asMap(value: unknown): JsonObject {
  return isJsonObject(value) ? value : {};
}

function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function own(map: JsonObject, name: string): unknown {
  return Object.hasOwn(map, name) ? map[name] : undefined;
}
