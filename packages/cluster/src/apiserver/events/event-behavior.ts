import type { KubeObject } from "@seaworthy/kube";
import type { ApiContext } from "../api-context.ts";
import type { Behavior } from "../resource.ts";

const lifetimeMs = 3_600_000;

/** Events go an hour after their last write (`--event-ttl`). */
export const eventBehavior: Behavior = {
  prepareCreate(_draft, context) {
    dropOldEvents(context);
    return [];
  },
};

/** Runs with each new event; the store keeps them by key, so all are looked at, but only once a minute. */
function dropOldEvents({ store, clock }: ApiContext): void {
  const now = clock.now();
  const swept = lastSweeps.get(store) ?? 0;
  if (now - swept < 60_000) return;
  lastSweeps.set(store, now);
  for (const { key, object } of store.list("/events"))
    if (now - lastWriteOf(object) > lifetimeMs) store.remove("/events", key);
}

/** An event may tell of times long ago; its hour begins when it is written. */
function lastWriteOf({ metadata }: KubeObject): number {
  const times = [metadata.creationTimestamp, ...(metadata.managedFields ?? []).map(({ time }) => time)];
  return Math.max(...times.map((time) => Date.parse(time ?? "")).filter((time) => !Number.isNaN(time)));
}

const lastSweeps = new WeakMap<object, number>();
