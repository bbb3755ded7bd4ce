import { isJsonObject } from "../../patch/json-value.ts";
import { Memo } from "../field-set/memo.ts";
import { keyElement, valueElement, type PathElement } from "../field-set/path-element.ts";
import type { ListType } from "./merge-type.ts";

/** Why an item of a list has no place in an associative list. */
export class ListItemError extends Error {}

/**
 * The element of an item of an associative list: its keys, with their defaults, or the item itself.
 * https://github.com/kubernetes-sigs/structured-merge-diff/blob/v6.3.3/typed/helpers.go (listItemToPathElement)
 */
export function listElement(list: ListType, item: unknown): PathElement {
  return list.keys.length > 0 ? keyedElement(list, item) : setElement(item);
}

/** The element, or undefined when the item has none. */
export function findListElement(list: ListType, item: unknown): PathElement | undefined {
  try {
    return listElement(list, item);
  } catch (error) {
    if (error instanceof ListItemError) return undefined;
    throw error;
  }
}

/** Items with one key are mostly called the same in all objects. */
const byName = new WeakMap<ListType, Memo<string, PathElement>>();

function namedElement(list: ListType, key: string, name: string): PathElement {
  let names = byName.get(list);
  if (names === undefined) byName.set(list, (names = new Memo(1_000)));
  return names.of(name, () => keyElement({ [key]: name }));
}

function keyedElement(list: ListType, item: unknown): PathElement {
  if (item === null) throw new ListItemError("associative list with keys may not have a null element");
  if (!isJsonObject(item))
    throw new ListItemError("associative list with keys may not have non-map elements");
  const [key = ""] = list.keys;
  const name = list.keys.length === 1 && Object.hasOwn(item, key) ? item[key] : undefined;
  if (typeof name === "string") return namedElement(list, key, name);
  const values: Record<string, unknown> = {};
  for (const key of list.keys) {
    const value = Object.hasOwn(item, key) ? item[key] : undefined;
    const known = value ?? list.element.map?.fields.get(key)?.default;
    if (value === null) values[key] = null;
    else if (known !== undefined) values[key] = known;
  }
  if (Object.keys(values).length === 0) {
    const keys = `[${list.keys.map((key) => JSON.stringify(key)).join(" ")}]`;
    throw new ListItemError(
      `associative list with keys has an element that omits all key fields ${keys} (and doesn't have default values for any key fields)`,
    );
  }
  return keyElement(values);
}

function setElement(item: unknown): PathElement {
  if (isJsonObject(item))
    throw new ListItemError("associative list without keys has an element that's a map type");
  if (Array.isArray(item)) throw new ListItemError("not supported: associative list with lists as elements");
  if (item === null)
    throw new ListItemError("associative list without keys has an element that's an explicit null");
  return valueElement(item);
}
