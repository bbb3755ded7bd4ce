import { setTimeout as sleep } from "node:timers/promises";
import type { KubeObject } from "@seaworthy/kube";
import { ApiError, type Status } from "./api-error.ts";
import type { Change, Informer } from "./informer.ts";
import type { KubeClient, ListOptions, ResourceType } from "./kube-client.ts";

/** What an informer can be told. */
export interface InformerOptions extends ListOptions {
  /** Waits before another try, until the signal aborts at most. By the machine's own clock when absent. */
  readonly pause?: (delayMs: number, signal: AbortSignal) => Promise<void>;
}

/**
 * Starts a local copy of a collection. It lists, then watches; a watch that ends is resumed where it was,
 * and after 410 Expired it lists again. Failures are retried for as long as it lives, at most every 10 s.
 */
export function createInformer<T extends KubeObject>(
  client: KubeClient,
  type: ResourceType,
  { pause = sleepUntilAborted, ...options }: InformerOptions = {},
): Informer<T> {
  const stop = new AbortController();
  const synced = Promise.withResolvers<void>();
  // Nobody has to wait for `synced`: without this its rejection on an early stop would end the process.
  synced.promise.catch(() => {});
  const cache = new Cache<T>();
  const ended = run(client, type, { ...options, pause }, cache, stop.signal, synced.resolve);
  return {
    synced: synced.promise,
    get: (namespace, name) => cache.objects.get(keyOf(namespace, name)),
    list: (namespace) => cache.list(namespace),
    onChange: (listener) => cache.subscribe(listener),
    async [Symbol.asyncDispose]() {
      stop.abort();
      synced.reject(new Error(`the informer of ${type.plural} was stopped before its first list`));
      await ended;
    },
  };
}

const firstDelayMs = 50;
const longestDelayMs = 10_000;

async function run<T extends KubeObject>(
  client: KubeClient,
  type: ResourceType,
  { pause, ...options }: ListOptions & Required<Pick<InformerOptions, "pause">>,
  cache: Cache<T>,
  signal: AbortSignal,
  onSynced: () => void,
): Promise<void> {
  let resourceVersion: string | undefined;
  let failures = 0;
  while (!signal.aborted) {
    try {
      if (resourceVersion === undefined) {
        const list = await client.list<T>(type, options);
        if (signal.aborted) return;
        cache.replace(list.items);
        resourceVersion = list.resourceVersion;
        onSynced();
      }
      // A listener may have stopped the informer while it was told of the list.
      if (signal.aborted) return;
      const before: string = resourceVersion;
      for await (const event of client.watch<T>(type, { ...options, resourceVersion, signal })) {
        if (event.type === "ERROR") throw watchError(event.object);
        resourceVersion = event.object.metadata.resourceVersion ?? resourceVersion;
        if (event.type !== "BOOKMARK") cache.apply(event.type, event.object);
        failures = 0;
      }
      // A server that closes the stream without having said anything is not asked again at once.
      failures = resourceVersion === before ? failures + 1 : 0;
    } catch (error) {
      failures += 1;
      if (error instanceof ApiError && error.httpCode === 410) resourceVersion = undefined;
    }
    if (failures > 0)
      await pause(Math.min(longestDelayMs, firstDelayMs * 2 ** Math.min(failures - 1, 10)), signal);
  }
}

async function sleepUntilAborted(delayMs: number, signal: AbortSignal): Promise<void> {
  await sleep(delayMs, undefined, { signal }).catch(() => {});
}

function watchError(object: unknown): ApiError {
  const status = object as Status;
  return new ApiError(status, status.code ?? 500, "watch");
}

class Cache<T extends KubeObject> {
  readonly objects = new Map<string, T>();
  readonly #listeners = new Set<(change: Change<T>) => void>();

  list(namespace: string | undefined): T[] {
    const all = [...this.objects.values()];
    return namespace === undefined ? all : all.filter((object) => object.metadata.namespace === namespace);
  }

  subscribe(listener: (change: Change<T>) => void): () => void {
    this.#listeners.add(listener);
    for (const object of this.objects.values()) notify(listener, { type: "added", object });
    return () => {
      this.#listeners.delete(listener);
    };
  }

  /** Makes the cache equal to a fresh list and tells the differences. */
  replace(items: readonly T[]): void {
    const listed = new Set(items.map((item) => keyOfObject(item)));
    for (const [key, object] of this.objects) if (!listed.has(key)) this.apply("DELETED", object);
    for (const item of items) {
      const known = this.objects.get(keyOfObject(item));
      if (known?.metadata.resourceVersion !== item.metadata.resourceVersion) this.apply("MODIFIED", item);
    }
  }

  apply(event: "ADDED" | "MODIFIED" | "DELETED", object: T): void {
    const key = keyOfObject(object);
    const old = this.objects.get(key);
    if (event === "DELETED") {
      if (this.objects.delete(key)) this.#notifyAll({ type: "deleted", object });
    } else if (old === undefined) {
      this.objects.set(key, object);
      this.#notifyAll({ type: "added", object });
    } else {
      this.objects.set(key, object);
      // The same name with another uid is another object: its deletion was missed.
      if (old.metadata.uid === object.metadata.uid) this.#notifyAll({ type: "updated", object, old });
      else {
        this.#notifyAll({ type: "deleted", object: old });
        this.#notifyAll({ type: "added", object });
      }
    }
  }

  #notifyAll(change: Change<T>): void {
    for (const listener of this.#listeners) notify(listener, change);
  }
}

/** A listener that throws is a bug: it must be seen, and must not break the informer or other listeners. */
function notify<T extends KubeObject>(listener: (change: Change<T>) => void, change: Change<T>): void {
  try {
    listener(change);
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}

function keyOfObject(object: KubeObject): string {
  return keyOf(object.metadata.namespace, object.metadata.name);
}

function keyOf(namespace: string | undefined, name: string): string {
  return `${namespace ?? ""}/${name}`;
}
