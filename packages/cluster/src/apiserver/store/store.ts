import type { KubeObject } from "@seaworthy/kube";
import { Collection, type HistoryLimits, type StoreEvent } from "./collection.ts";
import { StoredObject } from "./stored-object.ts";
import type { Gap, LoggedWrite, StoreLog } from "./store-log.ts";

/** The name of a collection: `group/plural`. */
export type CollectionName = string;

/** What a store is made of. */
export interface StoreOptions {
  /** How many events of a collection are remembered. Default 10,000. */
  readonly historyLimit?: number;
  /** Where writes are kept. Without one they are in memory only. */
  readonly log?: StoreLog;
}

/** At most so many characters of objects are kept for the past of one collection, about 64 MB. */
const historyCharacters = 64_000_000;

/**
 * Every object of the cluster, in memory. One counter numbers all writes, as etcd's revision does. Each collection
 * remembers its latest events, so that a watch can go on from where another ended.
 *
 * With a log, the writes of one turn of the event loop are logged together, and followers hear of them then. Who answers
 * a client waits for `committed` after a write, and calls `flush` before a read, so that nobody ever sees what may be lost.
 */
export class Store implements Disposable {
  #revision = 0;
  /** Watches cannot start in this gap, which is there when the process before ended without closing its log. */
  #gap: Gap = { from: 0, to: 0 };
  /** What the log forgot before this process began, for collections that are yet to be made. */
  #forgotten = 0;
  readonly #limits: HistoryLimits;
  readonly #log: StoreLog | undefined;
  readonly #collections = new Map<CollectionName, Collection>();
  #pending: { readonly collection: CollectionName; readonly event: StoreEvent }[] = [];
  #flushed = Promise.withResolvers<void>();

  constructor(options: StoreOptions = {}) {
    this.#limits = { events: options.historyLimit ?? 10_000, characters: historyCharacters };
    this.#log = options.log;
    if (options.log !== undefined) this.#recover(options.log);
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
    return this.#collections.get(collection)?.objects.list(namespace) ?? [];
  }

  /** The same as it was at a revision of the past; undefined when what has happened since is not remembered. */
  listAt(
    collection: CollectionName,
    namespace: string | undefined,
    revision: number,
  ): StoredObject[] | undefined {
    if (!this.#isRemembered(collection, revision)) return undefined;
    return this.#collections.get(collection)?.listAt(revision, namespace) ?? [];
  }

  /** Adds or replaces an object, which from now on belongs to the store. */
  put(collection: CollectionName, key: string, object: KubeObject): StoredObject {
    const { objects } = this.#collection(collection);
    const before = objects.get(key);
    const after = this.#stamp(key, object);
    objects.set(after);
    const type = before === undefined ? "ADDED" : "MODIFIED";
    this.#happened(collection, { type, revision: after.revision, before, after });
    return after;
  }

  /** Takes an object out; the result, and the event, carry the revision of the deletion. `last` is its last state. */
  remove(collection: CollectionName, key: string, last?: KubeObject): StoredObject | undefined {
    const { objects } = this.#collection(collection);
    const before = objects.get(key);
    if (before === undefined) return undefined;
    const after = this.#stamp(key, last ?? before.object);
    objects.delete(key);
    this.#happened(collection, { type: "DELETED", revision: after.revision, before, after });
    return after;
  }

  /** Logs what waits, at once. Throws when that fails; the writes that waited have then not taken place. */
  flush(): void {
    if (this.#pending.length === 0) return;
    const [pending, flushed] = [this.#pending, this.#flushed];
    this.#pending = [];
    this.#flushed = Promise.withResolvers();
    try {
      this.#log?.append(pending.map(({ collection, event }) => toWrite(collection, event)));
    } catch (error) {
      for (const { collection, event } of pending.toReversed()) this.#undo(collection, event);
      flushed.promise.catch(() => {});
      flushed.reject(error);
      throw error;
    }
    for (const { collection, event } of pending) this.#collection(collection).record(event);
    flushed.resolve();
  }

  /** Resolves when all writes so far are logged; rejects when that failed. */
  committed(): Promise<void> {
    return this.#pending.length === 0 ? Promise.resolve() : this.#flushed.promise;
  }

  /**
   * The events after `revision`, then a call for each new one, in order. Undefined when events after `revision` have been
   * forgotten; `forgottenRevision` tells from where on they are known.
   */
  watch(
    collection: CollectionName,
    revision: number,
    listener: (event: StoreEvent) => void,
  ): { readonly missed: StoreEvent[]; readonly stop: () => void } | undefined {
    if (!this.#isRemembered(collection, revision)) return undefined;
    const home = this.#collection(collection);
    home.listeners.add(listener);
    return { missed: home.eventsAfter(revision), stop: () => home.listeners.delete(listener) };
  }

  /** The newest revision whose event a watch of this collection can no longer be told. */
  forgottenRevision(collection: CollectionName): number {
    return this.#collections.get(collection)?.forgotten ?? this.#forgotten;
  }

  /** Logs what waits, and closes the log. */
  [Symbol.dispose](): void {
    try {
      this.flush();
    } finally {
      this.#log?.[Symbol.dispose]();
    }
  }

  #collection(name: CollectionName): Collection {
    let collection = this.#collections.get(name);
    if (collection === undefined) {
      collection = new Collection(this.#limits, this.#forgotten);
      this.#collections.set(name, collection);
    }
    return collection;
  }

  #isRemembered(collection: CollectionName, revision: number): boolean {
    const { from, to } = this.#gap;
    return revision >= this.forgottenRevision(collection) && !(revision > from && revision < to);
  }

  #stamp(key: string, object: KubeObject): StoredObject {
    this.#revision += 1;
    const metadata = { ...object.metadata, resourceVersion: String(this.#revision) };
    const stored = new StoredObject(key, this.#revision, { ...object, metadata });
    // What cannot be written as JSON, because it is nested too deep, must fail here and not when somebody reads it.
    void stored.shortJson;
    return stored;
  }

  #happened(collection: CollectionName, event: StoreEvent): void {
    if (this.#log === undefined) return this.#collection(collection).record(event);
    // A failed commit is told to those who wait for `committed`.
    if (this.#pending.length === 0) setImmediate(() => this.#flushQuietly());
    this.#pending.push({ collection, event });
  }

  #flushQuietly(): void {
    try {
      this.flush();
    } catch {
      // Told already.
    }
  }

  #undo(collection: CollectionName, { before, after }: StoreEvent): void {
    const { objects } = this.#collection(collection);
    if (before === undefined) objects.delete(after.key);
    else objects.set(before);
  }

  #recover(log: StoreLog): void {
    const { writes, compacted, gap } = log.recover();
    this.#forgotten = compacted;
    for (const write of writes) {
      const home = this.#collection(write.collection);
      const before = home.objects.get(write.key);
      const after = new StoredObject(write.key, write.revision, write.object);
      if (write.isDeletion) home.objects.delete(write.key);
      else home.objects.set(after);
      this.#revision = write.revision;
      if (write.revision <= compacted) continue;
      const type = write.isDeletion ? "DELETED" : before === undefined ? "ADDED" : "MODIFIED";
      home.record({ type, revision: write.revision, before, after });
    }
    this.#gap = gap;
    this.#revision = Math.max(this.#revision, gap.to);
  }
}

function toWrite(collection: CollectionName, { type, revision, before, after }: StoreEvent): LoggedWrite {
  const replaces =
    before === undefined ? undefined : { revision: before.revision, characters: before.json.length };
  return {
    revision,
    collection,
    key: after.key,
    isDeletion: type === "DELETED",
    object: after.json,
    replaces,
  };
}
