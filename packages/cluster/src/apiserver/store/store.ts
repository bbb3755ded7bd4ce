import type { KubeObject } from "@seaworthy/kube";
import { StoredObject } from "./stored-object.ts";

/** What happened to one object. `before` is absent for a creation; for a deletion `after` is its last state. */
export interface StoreEvent {
  readonly type: "ADDED" | "MODIFIED" | "DELETED";
  readonly revision: number;
  readonly before: StoredObject | undefined;
  readonly after: StoredObject;
}

/** The name of a collection: `group/plural`. */
export type CollectionName = string;

/**
 * Every object of the cluster, in memory. One counter numbers all writes, as etcd's revision does. Each collection
 * remembers its latest events, so that a watch can go on from where another ended.
 */
export class Store {
  #revision = 0;
  readonly #historyLimit: number;
  readonly #collections = new Map<CollectionName, Collection>();

  constructor(options: { readonly historyLimit?: number } = {}) {
    this.#historyLimit = options.historyLimit ?? 10_000;
  }

  /** The number of the latest write. */
  get revision(): number {
    return this.#revision;
  }

  get(collection: CollectionName, key: string): StoredObject | undefined {
    return this.#collections.get(collection)?.objects.get(key);
  }

  /** The objects of a collection, or of one namespace of it, in the order of their keys. */
  list(collection: CollectionName, namespace?: string): StoredObject[] {
    const all = this.#collections.get(collection)?.sorted() ?? [];
    if (namespace === undefined) return all.slice();
    const prefix = `${namespace}/`;
    return all.filter((stored) => stored.key.startsWith(prefix));
  }

  /** Adds or replaces an object, which from now on belongs to the store. */
  put(collection: CollectionName, key: string, object: KubeObject): StoredObject {
    const home = this.#collection(collection);
    const before = home.objects.get(key);
    const after = this.#stamp(key, object);
    home.objects.set(key, after);
    if (before === undefined) home.keysChanged();
    else home.replaced(before, after);
    home.record({
      type: before === undefined ? "ADDED" : "MODIFIED",
      revision: after.revision,
      before,
      after,
    });
    return after;
  }

  /** Takes an object out; the result, and the event, carry the revision of the deletion. `last` is its last state. */
  remove(collection: CollectionName, key: string, last?: KubeObject): StoredObject | undefined {
    const home = this.#collection(collection);
    const before = home.objects.get(key);
    if (before === undefined) return undefined;
    const after = this.#stamp(key, last ?? before.object);
    home.objects.delete(key);
    home.keysChanged();
    home.record({ type: "DELETED", revision: after.revision, before, after });
    return after;
  }

  /**
   * The events after `revision`, then a call for each new one, in order. Undefined when events after
   * `revision` have been forgotten; `oldestRevision` tells from where on they are known.
   */
  watch(
    collection: CollectionName,
    revision: number,
    listener: (event: StoreEvent) => void,
  ): { readonly missed: StoreEvent[]; readonly stop: () => void } | undefined {
    const home = this.#collection(collection);
    if (revision < home.forgotten) return undefined;
    home.listeners.add(listener);
    return { missed: home.eventsAfter(revision), stop: () => home.listeners.delete(listener) };
  }

  /** The newest revision from which a watch can no longer start, or 0. */
  forgottenRevision(collection: CollectionName): number {
    return this.#collections.get(collection)?.forgotten ?? 0;
  }

  /** Every collection that has been written to, and how many objects it holds. */
  sizes(): { collection: CollectionName; count: number }[] {
    return [...this.#collections].map(([collection, { objects }]) => ({ collection, count: objects.size }));
  }

  #collection(name: CollectionName): Collection {
    let collection = this.#collections.get(name);
    if (collection === undefined) {
      collection = new Collection(this.#historyLimit);
      this.#collections.set(name, collection);
    }
    return collection;
  }

  #stamp(key: string, object: KubeObject): StoredObject {
    this.#revision += 1;
    const metadata = { ...object.metadata, resourceVersion: String(this.#revision) };
    return new StoredObject(key, this.#revision, { ...object, metadata });
  }
}

class Collection {
  readonly objects = new Map<string, StoredObject>();
  readonly listeners = new Set<(event: StoreEvent) => void>();
  /** The revision of the newest event that was dropped from the history. */
  forgotten = 0;
  readonly #historyLimit: number;
  readonly #history: StoreEvent[] = [];
  #sorted: StoredObject[] | undefined;
  readonly #positions = new Map<string, number>();

  constructor(historyLimit: number) {
    this.#historyLimit = historyLimit;
  }

  sorted(): StoredObject[] {
    if (this.#sorted === undefined) {
      this.#sorted = [...this.objects.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
      this.#positions.clear();
      for (const [position, { key }] of this.#sorted.entries()) this.#positions.set(key, position);
    }
    return this.#sorted;
  }

  keysChanged(): void {
    this.#sorted = undefined;
  }

  replaced(before: StoredObject, after: StoredObject): void {
    const position = this.#positions.get(before.key);
    if (this.#sorted !== undefined && position !== undefined) this.#sorted[position] = after;
  }

  record(event: StoreEvent): void {
    this.#history.push(event);
    // Half of the history goes at once, so that dropping costs little per event.
    if (this.#history.length > this.#historyLimit) {
      const dropped = this.#history.splice(0, Math.ceil(this.#historyLimit / 2));
      this.forgotten = dropped.at(-1)?.revision ?? this.forgotten;
    }
    for (const listener of this.listeners) listener(event);
  }

  eventsAfter(revision: number): StoreEvent[] {
    let first = this.#history.length;
    while (first > 0 && (this.#history[first - 1]?.revision ?? 0) > revision) first -= 1;
    return this.#history.slice(first);
  }
}
