import type { KubeClient } from "@seaworthy/client";
import {
  resourceTypes,
  type CoreEvent,
  type KubeObject,
  type ObjectReference,
  timestamp,
} from "@seaworthy/kube";
import type { Clock } from "./clock.ts";

/** Writes core/v1 Events about objects, in the order in which they are given. */
export interface EventRecorder {
  /**
   * Records that something happened to an object. Returns at once; an event that the API server refuses is
   * dropped, as it is in Kubernetes. `fieldPath` names a part of the object, as `spec.containers{web}`.
   */
  event(
    object: KubeObject,
    type: "Normal" | "Warning",
    reason: string,
    message: string,
    fieldPath?: string,
  ): void;
  /** Resolves when every event given so far has been written or dropped. */
  settled(): Promise<void>;
}

/** Makes a recorder whose events say that they come from `component` (on `host`). */
export function createEventRecorder(
  client: KubeClient,
  clock: Clock,
  component: string,
  host?: string,
): EventRecorder {
  const known = new Map<string, { name: string; count: number }>();
  let last: Promise<void> = Promise.resolve();
  let waiting = 0;
  let written = 0;

  async function write(key: string, event: CoreEvent): Promise<void> {
    const earlier = known.get(key);
    if (earlier !== undefined && (await repeat(earlier, event))) return;
    const created = await client.create(resourceTypes.events, event);
    if (known.size >= maxKnown) known.delete(known.keys().next().value!);
    known.set(key, { name: created.metadata.name, count: 1 });
  }

  async function repeat(earlier: { name: string; count: number }, event: CoreEvent): Promise<boolean> {
    const patch = { count: earlier.count + 1, lastTimestamp: event.lastTimestamp };
    try {
      await client.patch(resourceTypes.events, event.metadata.namespace, earlier.name, "merge", patch);
    } catch {
      // The event is gone, for example with its namespace: the caller writes it anew.
      return false;
    }
    earlier.count += 1;
    return true;
  }

  return {
    event(object, type, reason, message, fieldPath) {
      // As client-go's broadcaster does, drop rather than let a flood of events grow without a limit.
      if (waiting >= maxWaiting) return;
      const now = clock.now();
      const involvedObject = referenceTo(object, fieldPath);
      const event: CoreEvent = {
        apiVersion: "v1",
        kind: "Event",
        metadata: {
          name: `${object.metadata.name}.${eventSuffix(now, written)}`,
          namespace: object.metadata.namespace ?? "default",
        },
        involvedObject,
        type,
        reason,
        message: message.slice(0, maxMessageLength),
        count: 1,
        firstTimestamp: timestamp(now),
        lastTimestamp: timestamp(now),
        source: host === undefined ? { component } : { component, host },
        reportingComponent: component,
        reportingInstance: host ?? "",
      };
      written += 1;
      waiting += 1;
      const key = JSON.stringify([
        involvedObject.uid,
        object.metadata.name,
        fieldPath,
        type,
        reason,
        message,
      ]);
      last = last
        .then(() => write(key, event))
        .catch(() => {})
        .finally(() => {
          waiting -= 1;
        });
    },
    settled: () => last,
  };
}

const maxKnown = 4096;
const maxWaiting = 1000;
const maxMessageLength = 1024;

/** client-go names an event by the object and the time in nanoseconds; the sequence stands for those. */
function eventSuffix(now: number, sequence: number): string {
  return (BigInt(now) * 1_000_000n + BigInt(sequence % 1_000_000)).toString(16);
}

function referenceTo(object: KubeObject, fieldPath: string | undefined): ObjectReference {
  const { name, namespace, uid, resourceVersion } = object.metadata;
  return {
    apiVersion: object.apiVersion,
    kind: object.kind,
    name,
    ...(namespace === undefined ? {} : { namespace }),
    ...(uid === undefined ? {} : { uid }),
    ...(resourceVersion === undefined ? {} : { resourceVersion }),
    ...(fieldPath === undefined ? {} : { fieldPath }),
  };
}
