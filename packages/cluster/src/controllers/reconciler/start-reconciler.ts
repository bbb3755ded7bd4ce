import type { Change, Informer } from "@seaworthy/client";
import type { KubeObject } from "@seaworthy/kube";
import { createEventRecorder, type EventRecorder } from "../../event-recorder.ts";
import type { ControllerContext } from "./controller-context.ts";
import { createWorkQueue } from "../../work-queue/work-queue.ts";

/** A key to be worked on, at once or later. */
export type Due = string | { readonly key: string; readonly afterMs: number };

/** A cache whose changes give work. */
export interface Watch {
  readonly synced: Promise<void>;
  subscribe(add: (due: Due) => void): () => void;
}

/** What a controller is made of. */
export interface Reconciler {
  /** The component that its events name. */
  readonly name: string;
  readonly watches: readonly Watch[];
  /** How many keys may be worked on at the same time. Default 1. */
  readonly workers?: number;
  /** Brings the world of one key where it should be. When it rejects, the key is tried again, later each time. */
  sync(key: string, turn: Turn): Promise<void>;
}

/** What a controller may do besides, while it works on a key. */
export interface Turn {
  readonly events: EventRecorder;
  /** Gives further work, or the same again later. */
  add(due: Due): void;
}

/** Watches one type; `keysOf` tells which keys a change concerns. */
export function watch<T extends KubeObject>(
  informer: Informer<T>,
  keysOf: (change: Change<T>) => Iterable<Due>,
): Watch {
  return {
    synced: informer.synced,
    subscribe: (add) =>
      informer.onChange((change) => {
        for (const due of keysOf(change)) add(due);
      }),
  };
}

/** The keys that a changed object concerns, as it is now, and as it was before. */
export function keysBothWays<T extends KubeObject>(
  change: Change<T>,
  keysOf: (object: T) => readonly string[],
): string[] {
  return [...(change.type === "updated" ? keysOf(change.old) : []), ...keysOf(change.object)];
}

/**
 * Starts a controller: it owns the queue, the subscriptions, the retries and the end. Work begins when all that it watches
 * is in the caches, because half of a cache looks like objects that are not there.
 */
export async function startReconciler(
  { client, clock, restClock }: ControllerContext,
  { name, watches, workers = 1, sync }: Reconciler,
): Promise<AsyncDisposable> {
  const events = createEventRecorder(client, clock, name);
  const queue = createWorkQueue({
    clock,
    restClock,
    workers,
    work: (key) => sync(key, { events, add }),
  });
  function add(due: Due): void {
    if (typeof due === "string") queue.add(due);
    else queue.addAfter(due.key, due.afterMs);
  }

  await Promise.all(watches.map(({ synced }) => synced));
  const subscriptions = watches.map((each) => each.subscribe(add));
  return {
    async [Symbol.asyncDispose]() {
      for (const unsubscribe of subscriptions) unsubscribe();
      await queue[Symbol.asyncDispose]();
      await events.settled();
    },
  };
}
