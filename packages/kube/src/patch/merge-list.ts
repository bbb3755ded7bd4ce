import type { FieldSchema } from "../schema/schema.ts";
import { deepEqual } from "../deep-equal.ts";
import { refused, withoutDirectives } from "./directives.ts";
import { isJsonObject, type JsonObject } from "./json-value.ts";

/** What a strategic merge patch does to one list. */
export interface ListChange {
  readonly key: string;
  readonly before: readonly unknown[] | undefined;
  readonly change: readonly unknown[] | undefined;
  /** The list of `$setElementOrder`, when the patch has one. */
  readonly order: readonly unknown[] | undefined;
  readonly field: FieldSchema | undefined;
  /** How two items with the same key merge. */
  readonly mergeObject: (original: JsonObject, patch: JsonObject, type: string) => JsonObject;
}

/** The list after a strategic merge patch: items merged by key, in the order that the patch asks for. */
export function mergeList(list: ListChange): unknown[] {
  const mergeKey = list.field?.patchMergeKey;
  if (list.order !== undefined) checkOrder(list, list.order, mergeKey);
  const { merged, order: given } = mergeItems(list, mergeKey);
  return inOrder(merged, list.before ?? [], list.order ?? given, mergeKey);
}

function mergeItems(list: ListChange, mergeKey: string | undefined): { merged: unknown[]; order: unknown[] } {
  const { before, change, field } = list;
  if (change === undefined) return { merged: [...(before ?? [])], order: [] };
  const isMerged = before !== undefined && field?.patchStrategy.includes("merge") === true;
  if (!isMerged) return { merged: withoutDirectives(change) as unknown[], order: [...change] };
  if ([...before, ...change].some(isJsonObject)) {
    if (mergeKey === undefined) throw refused(`cannot merge lists without merge key for ${list.key}`);
    return mergeByKey(before, change, mergeKey, { field, mergeObject: list.mergeObject });
  }
  return { merged: [...new Set([...before, ...change])], order: [...change] };
}

function mergeByKey(
  before: readonly unknown[],
  change: readonly unknown[],
  mergeKey: string,
  { field, mergeObject }: { readonly field: FieldSchema; readonly mergeObject: ListChange["mergeObject"] },
): { merged: unknown[]; order: unknown[] } {
  const items = change.map((item) => asItem(item, field));
  const plain = items.filter((item) => !Object.hasOwn(item, "$patch"));
  const directives = items.filter((item) => Object.hasOwn(item, "$patch"));
  for (const { $patch } of directives) {
    if ($patch !== "delete" && $patch !== "replace")
      throw refused(`unknown patch type ${JSON.stringify($patch)}`);
  }
  if (directives.some((item) => item["$patch"] === "replace")) {
    return { merged: withoutDirectives(plain) as unknown[], order: plain };
  }
  const deleted = directives.map((item) => keyOf(item, mergeKey));
  const merged = before.filter((item) => !(isJsonObject(item) && deleted.includes(item[mergeKey])));
  for (const item of plain) {
    const value = keyOf(item, mergeKey);
    const at = merged.findIndex((other) => isJsonObject(other) && deepEqual(other[mergeKey], value));
    if (at < 0) merged.push(withoutDirectives(item));
    else merged[at] = mergeObject(merged[at] as JsonObject, item, field.type);
  }
  return { merged, order: plain };
}

/**
 * Items that `order` names come in that order; the others keep the order that they had before. Between the
 * two, an item goes first only if it did so before (strategicpatch, normalizeElementOrder): so a new item
 * stands before the old ones.
 */
function inOrder(
  merged: readonly unknown[],
  before: readonly unknown[],
  order: readonly unknown[],
  mergeKey: string | undefined,
): unknown[] {
  const ranked = (list: readonly unknown[], item: unknown): number =>
    list.findIndex((other) => sameItem(other, item, mergeKey));
  const byRankIn = (list: readonly unknown[]) => (a: unknown, b: unknown) =>
    ranked(list, a) - ranked(list, b);
  const ours = merged.filter((item) => ranked(order, item) >= 0).sort(byRankIn(order));
  const others = merged.filter((item) => ranked(order, item) < 0).sort(byRankIn(before));
  const result: unknown[] = [];
  while (ours.length > 0 && others.length > 0) {
    const [other, own] = [ranked(before, others[0]), ranked(before, ours[0])];
    result.push((other >= 0 && own >= 0 && other < own ? others : ours).shift());
  }
  return [...result, ...ours, ...others];
}

/** The patch's own items must stand in the order that its `$setElementOrder` gives. */
function checkOrder(list: ListChange, order: readonly unknown[], mergeKey: string | undefined): void {
  let at = 0;
  for (const item of list.change ?? []) {
    if (isJsonObject(item) && Object.hasOwn(item, "$patch")) continue;
    while (at < order.length && !sameItem(order[at], item, mergeKey)) at += 1;
    if (order.length > 0 && at >= order.length) {
      throw refused(`the order in the patch's ${list.key} doesn't match its $setElementOrder/${list.key}`);
    }
    at += 1;
  }
}

function sameItem(a: unknown, b: unknown, mergeKey: string | undefined): boolean {
  if (mergeKey === undefined) return deepEqual(a, b);
  return isJsonObject(a) && isJsonObject(b) && deepEqual(a[mergeKey], b[mergeKey]);
}

function asItem(item: unknown, field: FieldSchema): JsonObject {
  if (!isJsonObject(item)) throw refused(`an item of a list of ${field.type} is not an object`);
  return item;
}

function keyOf(item: JsonObject, mergeKey: string): unknown {
  if (item[mergeKey] === undefined) {
    throw refused(`map: ${JSON.stringify(item)} does not contain declared merge key: ${mergeKey}`);
  }
  return item[mergeKey];
}
