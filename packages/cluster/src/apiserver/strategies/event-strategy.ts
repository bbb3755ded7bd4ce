import type { CoreEvent } from "@seaworthy/kube";
import type { ApiContext } from "../api-context.ts";
import type { Strategy } from "./strategy.ts";

const lifetimeMs = 3_600_000;

/** Events: they may be selected by what they are about, and go after an hour (`--event-ttl`). */
export const eventStrategy: Strategy = {
  status: "none",
  createOnUpdate: true,
  prepareCreate(_draft, context) {
    dropOldEvents(context);
    return [];
  },
  selectableFields(object) {
    const event = object as CoreEvent;
    const about = event.involvedObject;
    return {
      "involvedObject.kind": about?.kind,
      "involvedObject.namespace": about?.namespace,
      "involvedObject.name": about?.name,
      "involvedObject.uid": about?.uid,
      "involvedObject.apiVersion": about?.apiVersion,
      "involvedObject.resourceVersion": about?.resourceVersion,
      "involvedObject.fieldPath": about?.fieldPath,
      reason: event.reason,
      reportingComponent: event.reportingComponent,
      source: event.source?.component ?? event.reportingComponent,
      type: event.type,
    };
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
