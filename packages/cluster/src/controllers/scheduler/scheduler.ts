import { isConflict, isNotFound, type Change } from "@seaworthy/client";
import {
  deepEqual,
  resourceTypes,
  type Node,
  type Pod,
  hasPodEnded,
  timestamp,
  isPodActive,
} from "@seaworthy/kube";
import { keyOf, splitKey, type ControllerContext } from "../reconciler/controller-context.ts";
import type { EventRecorder } from "../../event-recorder.ts";
import { startReconciler, watch, type Due } from "../reconciler/start-reconciler.ts";
import { chooseNode } from "./choose-node.ts";
import { nodeInfos } from "./node-info.ts";

/** Gives every pod of the default scheduler a node, one at a time. */
export async function startScheduler(context: ControllerContext): Promise<AsyncDisposable> {
  const { client, clock, informers } = context;
  const pods = informers.of<Pod>(resourceTypes.pods);
  const nodes = informers.of<Node>(resourceTypes.nodes);
  // Nodes of pods whose binding the cache does not show yet, by the pod's uid.
  const assumed = new Map<string, string>();
  // Pods that no node suited: when that was, and how often in a row.
  const refused = new Map<string, { readonly atMs: number; readonly attempts: number }>();

  async function schedule(key: string, recorder: EventRecorder): Promise<void> {
    const { namespace, name } = splitKey(key);
    const pod = pods.get(namespace, name);
    if (pod === undefined || !isWaiting(pod) || assumed.has(pod.metadata.uid ?? "")) return;
    const cluster = nodeInfos(nodes.list(), pods.list(), assumed);
    const choice = chooseNode(pod, cluster);
    if ("nodeName" in choice) return bind(pod, choice.nodeName, recorder);
    refused.set(key, { atMs: clock.now(), attempts: (refused.get(key)?.attempts ?? 0) + 1 });
    recorder.event(pod, "Warning", "FailedScheduling", choice.message);
    await writeUnschedulable(pod, choice.message);
  }

  async function bind(pod: Pod, nodeName: string, recorder: EventRecorder): Promise<void> {
    const { namespace = "", name, uid = "" } = pod.metadata;
    assumed.set(uid, nodeName);
    try {
      await client.bind(namespace, name, nodeName);
    } catch (error) {
      assumed.delete(uid);
      // The pod is gone or somebody else has bound it: the cache will show it.
      if (isNotFound(error) || isConflict(error)) return;
      throw error;
    }
    refused.delete(keyOf(pod));
    recorder.event(pod, "Normal", "Scheduled", `Successfully assigned ${namespace}/${name} to ${nodeName}`);
  }

  async function writeUnschedulable(pod: Pod, message: string): Promise<void> {
    const { namespace, name } = pod.metadata;
    const present = pod.status?.conditions ?? [];
    const before = present.find(({ type }) => type === "PodScheduled");
    if (before?.status === "False" && before.message === message) return;
    const lastTransitionTime =
      before?.status === "False" ? before.lastTransitionTime : timestamp(clock.now());
    const condition = {
      type: "PodScheduled",
      status: "False",
      reason: "Unschedulable",
      message,
      lastTransitionTime,
    };
    const conditions = [...present.filter(({ type }) => type !== "PodScheduled"), condition];
    const patch = { status: { conditions } };
    await client
      .patch(resourceTypes.pods, namespace, name, "merge", patch, "status")
      .catch((error: unknown) => {
        if (!isNotFound(error)) throw error;
      });
  }

  /** Something changed for the better: who was refused is tried again, after kube-scheduler's back-off of 1 to 10 s. */
  function retries(): Due[] {
    return [...refused].map(([key, { atMs, attempts }]) => {
      const backOffMs = Math.min(maxBackOffMs, firstBackOffMs * 2 ** Math.min(attempts - 1, 10));
      return { key, afterMs: Math.max(0, atMs + backOffMs - clock.now()) };
    });
  }

  function onPod(change: Change<Pod>): Due[] {
    const { type, object: pod } = change;
    const uid = pod.metadata.uid ?? "";
    if (type === "deleted" || (pod.spec.nodeName ?? "") !== "") {
      const wasWaiting = assumed.delete(uid) || refused.delete(keyOf(pod));
      const madeRoom = type === "deleted" || hasPodEnded(pod) || pod.metadata.deletionTimestamp !== undefined;
      return wasWaiting || madeRoom ? retries() : [];
    }
    // Its own status, which says that it was refused, is no reason to try again.
    const changed = type === "added" || !deepEqual(change.old.spec, pod.spec);
    return changed && isWaiting(pod) ? [keyOf(pod)] : [];
  }

  function onNode(change: Change<Node>): Due[] {
    const relevant = ({ metadata, spec, status }: Node) => [
      metadata.labels,
      spec,
      status?.allocatable,
      status?.conditions?.map(({ type, status: value }) => [type, value]),
    ];
    const isSame = change.type === "updated" && deepEqual(relevant(change.old), relevant(change.object));
    return isSame ? [] : retries();
  }

  return await startReconciler(context, {
    name: "default-scheduler",
    watches: [watch(nodes, onNode), watch(pods, onPod)],
    sync: (key, { events }) => schedule(key, events),
  });
}

const firstBackOffMs = 1000;
const maxBackOffMs = 10_000;

function isWaiting(pod: Pod): boolean {
  const { spec } = pod;
  return (
    (spec.nodeName ?? "") === "" &&
    isPodActive(pod) &&
    (spec.schedulerName ?? "default-scheduler") === "default-scheduler" &&
    (spec.schedulingGates ?? []).length === 0
  );
}
