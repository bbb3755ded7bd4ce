import type { CoreEvent } from "@seaworthy/kube";
import type { ApiContext } from "../api-context.ts";
import type { Behavior } from "../resource.ts";

const lifetimeMs = 3_600_000;

/** Events go after an hour (`--event-ttl`). */
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
  for (const { key, object } of store.list("/events")) {
    const event = object as CoreEvent;
    const last =
      event.series?.lastObservedTime ??
      event.lastTimestamp ??
      event.eventTime ??
      event.metadata.creationTimestamp;
    if (now - Date.parse(String(last)) > lifetimeMs) store.remove("/events", key);
  }
}

const lastSweeps = new WeakMap<object, number>();
