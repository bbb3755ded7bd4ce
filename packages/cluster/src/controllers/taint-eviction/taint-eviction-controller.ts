import {
  deepEqual,
  resourceTypes,
  withCondition,
  type Node,
  type Pod,
  type PodCondition,
  type Taint,
} from "@seaworthy/kube";
import type { EventRecorder } from "../../event-recorder.ts";
import { keyOf, splitKey, type ControllerContext } from "../reconciler/controller-context.ts";
import { startReconciler, watch } from "../reconciler/start-reconciler.ts";
import { unlessNotFound } from "../reconciler/unless-not-found.ts";
import { toleratedMs } from "./tolerated-ms.ts";

/**
 * Deletes pods from nodes with taints of the effect NoExecute, when they tolerate them no more.
 * https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/controller/tainteviction/taint_eviction.go
 */
export async function startTaintEvictionController(context: ControllerContext): Promise<AsyncDisposable> {
  const { client, clock, informers } = context;
  const nodes = informers.of<Node>(resourceTypes.nodes);
  const pods = informers.of<Pod>(resourceTypes.pods);
  /** When pods are to go, by key. Who is waited for once is not given a new time while there are taints. */
  const dueMs = new Map<string, number>();
  const deleted = new Set<string>();

  function cancel(key: string, events: EventRecorder): void {
    if (dueMs.delete(key)) tell(events, key, "Cancelling deletion of");
  }

  async function evict(pod: Pod, events: EventRecorder): Promise<void> {
    const key = keyOf(pod);
    const { namespace, name, uid = "" } = pod.metadata;
    if (deleted.has(uid)) return;
    tell(events, key, "Marking for deletion");
    deleted.add(uid);
    const conditions = withCondition<PodCondition>(pod.status?.conditions, target, clock.now());
    const patch = { metadata: { uid }, status: { conditions } };
    try {
      await client
        .patch(resourceTypes.pods, namespace, name, "strategic", patch, "status")
        .catch(unlessNotFound);
      await client.delete(resourceTypes.pods, namespace, name, { uid }).catch(unlessNotFound);
    } catch (error) {
      deleted.delete(uid);
      throw error;
    }
  }

  return await startReconciler(context, {
    name: "taint-eviction-controller",
    watches: [
      watch(nodes, (change) => {
        const { name } = change.object.metadata;
        if (change.type === "updated" && deepEqual(drivingTaints(change.old), drivingTaints(change.object)))
          return [];
        return pods.list().flatMap((pod) => (pod.spec.nodeName === name ? [keyOf(pod)] : []));
      }),
      watch(pods, (change) => {
        if (change.type === "deleted") deleted.delete(change.object.metadata.uid ?? "");
        const isSame = change.type === "updated" && deepEqual(placeOf(change.old), placeOf(change.object));
        return isSame ? [] : [keyOf(change.object)];
      }),
    ],
    workers: 8,
    async sync(key, { add, events }) {
      const { namespace, name } = splitKey(key);
      const pod = pods.get(namespace, name);
      const node = pod === undefined ? undefined : nodes.get(undefined, pod.spec.nodeName ?? "");
      const taints = node === undefined ? [] : drivingTaints(node);
      if (pod === undefined || taints.length === 0) return cancel(key, events);
      const leftMs = toleratedMs(pod, taints);
      if (leftMs === Infinity) return cancel(key, events);
      const nowMs = clock.now();
      if (leftMs === 0) cancel(key, events);
      const atMs = leftMs === 0 ? nowMs : (dueMs.get(key) ?? nowMs + leftMs);
      if (atMs > nowMs) {
        dueMs.set(key, atMs);
        return add({ key, afterMs: atMs - nowMs });
      }
      await evict(pod, events);
      dueMs.delete(key);
    },
  });
}

const target = {
  type: "DisruptionTarget",
  status: "True",
  reason: "DeletionByTaintManager",
  message: "Taint manager: deleting due to NoExecute taint",
};

function drivingTaints({ spec }: Node): Taint[] {
  return (spec?.taints ?? []).filter(({ effect }) => effect === "NoExecute");
}

function placeOf({ spec }: Pod): unknown {
  return [spec.nodeName, spec.tolerations];
}

/** The event names the pod, and not which one of that name. */
function tell(events: EventRecorder, key: string, what: string): void {
  const pod = { apiVersion: "v1", kind: "Pod", metadata: splitKey(key) };
  events.event(pod, "Normal", "TaintManagerEviction", `${what} Pod ${key}`);
}
