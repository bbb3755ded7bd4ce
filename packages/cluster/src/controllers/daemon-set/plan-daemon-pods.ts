import { isPodReady, podAvailableAtMs, type DaemonSet, type Node, type Pod } from "@seaworthy/kube";
import { isUpdated } from "./daemon-pod.ts";
import type { Eligibility } from "./node-eligibility.ts";

/** A DaemonSet and where its pods are. */
export interface DaemonView {
  readonly daemonSet: DaemonSet;
  readonly nodes: readonly Node[];
  readonly eligibility: ReadonlyMap<string, Eligibility>;
  /** On each node the one that is placed, and the oldest, first. */
  readonly pods: ReadonlyMap<string, readonly Pod[]>;
  /** The hash of the present template. */
  readonly hash: string;
  readonly nowMs: number;
}

/** What is to be done. */
export interface DaemonPlan {
  readonly remove: readonly Pod[];
  /** The names of nodes that get a pod. */
  readonly addOn: readonly string[];
}

/** What is told of pods that have ended, which make room for others. */
export interface EndedPod {
  readonly pod: Pod;
  readonly node: string;
  readonly failed: boolean;
}

/**
 * Says which nodes lack a pod, and which pods are too many. `mayRemove` is asked of pods that have ended.
 * https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/controller/daemon/daemon_controller.go (manage, podsShouldBeOnNode)
 */
export function planDaemonPods(view: DaemonView, mayRemove: (ended: EndedPod) => boolean): DaemonPlan {
  const plans = view.nodes.map(({ metadata: { name } }) => planNode(view, name, mayRemove));
  const known = new Set(view.nodes.map(({ metadata }) => metadata.name));
  // A pod that waits for a node which is gone would wait for ever.
  const lost = [...view.pods].filter(([name]) => !known.has(name)).flatMap(([, pods]) => pods);
  return {
    remove: [
      ...plans.flatMap(({ remove }) => remove),
      ...lost.filter(({ spec }) => (spec.nodeName ?? "") === ""),
    ],
    addOn: plans.flatMap(({ addOn }) => addOn),
  };
}

/** Whether a pod serves, and has for long enough. */
export function isAvailable({ daemonSet, nowMs }: DaemonView, pod: Pod): boolean {
  return (podAvailableAtMs(pod, daemonSet.spec.minReadySeconds ?? 0) ?? Infinity) <= nowMs;
}

/** Whether a new pod may run beside the old one for a while. */
export function allowsSurge({ spec }: DaemonSet): boolean {
  const { maxSurge = 0 } = spec.updateStrategy?.rollingUpdate ?? {};
  return spec.updateStrategy?.type === "RollingUpdate" && !["0", "0%"].includes(String(maxSurge));
}

function planNode(view: DaemonView, node: string, mayRemove: (ended: EndedPod) => boolean): DaemonPlan {
  const { runs, keeps } = view.eligibility.get(node) ?? { runs: false, keeps: false };
  const pods = view.pods.get(node);
  if (pods === undefined) return { remove: [], addOn: runs ? [node] : [] };
  const staying = pods.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
  if (!keeps) return { remove: staying, addOn: [] };
  const running = staying.filter(({ status }) => status?.phase !== "Failed" && status?.phase !== "Succeeded");
  const ended = staying.filter((pod) => !running.includes(pod));
  const gone = ended.filter((pod) => mayRemove({ pod, node, failed: pod.status?.phase === "Failed" }));
  if (!allowsSurge(view.daemonSet)) return { remove: [...gone, ...running.slice(1)], addOn: [] };
  if (running.length > 1) return { remove: [...gone, ...surplusBesides(view, running)], addOn: [] };
  return { remove: gone, addOn: running.length === 0 && runs ? [node] : [] };
}

/** Of each template the oldest pod may stay, and the old one only until the new one is available. */
function surplusBesides(view: DaemonView, running: readonly Pod[]): Pod[] {
  const isNew = (pod: Pod) => isUpdated(view.daemonSet, pod, view.hash);
  const newest = running.find(isNew);
  const oldest = running.find((pod) => !isNew(pod));
  const surplus = running.filter((pod) => pod !== newest && pod !== oldest);
  if (newest === undefined || oldest === undefined) return surplus;
  return !isPodReady(oldest) || isAvailable(view, newest) ? [...surplus, oldest] : surplus;
}
