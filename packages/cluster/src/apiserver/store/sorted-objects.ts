import type { StoredObject } from "./stored-object.ts";

/** Objects by key, and in the order of their keys. Keys of one namespace stand together. */
export class SortedObjects {
  readonly #places = new Map<string, Place>();
  /** In the order of `namespace/`, which is the order of whole keys as well. "" holds what has no namespace. */
  readonly #namespaces: Namespace[] = [];

  get size(): number {
    return this.#places.size;
  }

  get(key: string): StoredObject | undefined {
    return this.#places.get(key)?.stored;
  }

  /** All of them, or those of one namespace. The list is the caller's. */
  list(namespace?: string): StoredObject[] {
    if (namespace === undefined) return this.#namespaces.flatMap((each) => each.list());
    const prefix = `${namespace}/`;
    const found = this.#namespaces[this.#find(prefix)];
    return found?.prefix === prefix ? found.list() : [];
  }

  set(stored: StoredObject): void {
    const { key } = stored;
    const known = this.#places.get(key);
    if (known !== undefined) {
      known.stored = stored;
      return;
    }
    const prefix = prefixOf(key);
    const at = this.#find(prefix);
    let home = this.#namespaces[at];
    if (home?.prefix !== prefix) {
      home = new Namespace(prefix);
      this.#namespaces.splice(at, 0, home);
    }
    this.#places.set(key, home.add(stored));
  }

  delete(key: string): void {
    const place = this.#places.get(key);
    if (place === undefined) return;
    this.#places.delete(key);
    const at = this.#find(prefixOf(key));
    const home = this.#namespaces[at]!;
    home.remove(place);
    if (home.size === 0) this.#namespaces.splice(at, 1);
  }

  #find(prefix: string): number {
    return lowerBound(this.#namespaces.length, (index) => this.#namespaces[index]!.prefix < prefix);
  }
}

/** Where an object is, whichever of its states; without one when it is gone. */
interface Place {
  readonly key: string;
  stored: StoredObject | undefined;
}

/** The objects of one namespace. They are put in order when somebody lists them: most writes are not followed by a list. */
class Namespace {
  readonly prefix: string;
  size = 0;
  #places: Place[] = [];
  #isSorted = true;

  constructor(prefix: string) {
    this.prefix = prefix;
  }

  add(stored: StoredObject): Place {
    const place = { key: stored.key, stored };
    const last = this.#places.at(-1);
    if (last !== undefined && last.key > place.key) this.#isSorted = false;
    this.#places.push(place);
    this.size += 1;
    return place;
  }

  remove(place: Place): void {
    place.stored = undefined;
    this.size -= 1;
    if (this.#places.length > 2 * this.size) this.#sweep();
  }

  list(): StoredObject[] {
    if (this.#places.length > this.size) this.#sweep();
    if (!this.#isSorted) this.#places.sort((a, b) => (a.key < b.key ? -1 : 1));
    this.#isSorted = true;
    return this.#places.map(({ stored }) => stored!);
  }

  #sweep(): void {
    this.#places = this.#places.filter(({ stored }) => stored !== undefined);
  }
}

/** The index of the first object whose key is not before `key`; objects are in the order of their keys. */
export function firstFrom(objects: readonly StoredObject[], key: string): number {
  return lowerBound(objects.length, (index) => objects[index]!.key < key);
}

function prefixOf(key: string): string {
  return key.slice(0, key.indexOf("/") + 1);
}

function lowerBound(length: number, isBefore: (index: number) => boolean): number {
  let [low, high] = [0, length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isBefore(middle)) low = middle + 1;
    else high = middle;
  }
  return low;
}
