import type { StoredObject } from "./stored-object.ts";

/** Objects by key, and in the order of their keys. Keys of one namespace stand together. */
export class SortedObjects {
  readonly #byKey = new Map<string, StoredObject>();
  /** In the order of `namespace/`, which is the order of whole keys as well. "" holds what has no namespace. */
  readonly #namespaces: { readonly prefix: string; readonly objects: StoredObject[] }[] = [];

  get size(): number {
    return this.#byKey.size;
  }

  get(key: string): StoredObject | undefined {
    return this.#byKey.get(key);
  }

  /** All of them, or those of one namespace. The list is the caller's. */
  list(namespace?: string): StoredObject[] {
    if (namespace === undefined) return this.#namespaces.flatMap(({ objects }) => objects);
    const prefix = `${namespace}/`;
    const found = this.#namespaces[this.#find(prefix)];
    return found?.prefix === prefix ? found.objects.slice() : [];
  }

  set(stored: StoredObject): void {
    const { key } = stored;
    const prefix = prefixOf(key);
    const at = this.#find(prefix);
    let home = this.#namespaces[at];
    if (home?.prefix !== prefix) {
      home = { prefix, objects: [] };
      this.#namespaces.splice(at, 0, home);
    }
    const { objects } = home;
    const place = firstFrom(objects, key);
    objects.splice(place, this.#byKey.has(key) ? 1 : 0, stored);
    this.#byKey.set(key, stored);
  }

  delete(key: string): void {
    if (!this.#byKey.delete(key)) return;
    const at = this.#find(prefixOf(key));
    const { objects } = this.#namespaces[at]!;
    objects.splice(firstFrom(objects, key), 1);
    if (objects.length === 0) this.#namespaces.splice(at, 1);
  }

  #find(prefix: string): number {
    return lowerBound(this.#namespaces.length, (index) => this.#namespaces[index]!.prefix < prefix);
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
