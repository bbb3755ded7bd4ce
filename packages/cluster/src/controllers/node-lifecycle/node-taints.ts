import { deepEqual, timestamp, type Node, type Taint } from "@seaworthy/kube";
import { readyStatusOf } from "./node-health.ts";

/** What a node that is not ready is tainted with, by the status of its condition Ready. */
const readyTaints: Readonly<Record<string, string>> = {
  False: "node.kubernetes.io/not-ready",
  Unknown: "node.kubernetes.io/unreachable",
};

const pressureTaints: Readonly<Record<string, string>> = {
  MemoryPressure: "node.kubernetes.io/memory-pressure",
  DiskPressure: "node.kubernetes.io/disk-pressure",
  NetworkUnavailable: "node.kubernetes.io/network-unavailable",
  PIDPressure: "node.kubernetes.io/pid-pressure",
};

const unschedulable = "node.kubernetes.io/unschedulable";

const ownKeys = new Set([unschedulable, ...Object.values(readyTaints), ...Object.values(pressureTaints)]);

/**
 * The taints that keep pods away from a node, by its conditions and by whether it is cordoned; undefined when it has them.
 * https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/controller/nodelifecycle/node_lifecycle_controller.go (doNoScheduleTaintingPass)
 */
export function withNoScheduleTaints(node: Node, nowMs: number): Taint[] | undefined {
  const keys = (node.status?.conditions ?? []).flatMap(({ type, status }) => {
    if (type === "Ready") return readyTaints[status] ?? [];
    return status === "True" ? (pressureTaints[type] ?? []) : [];
  });
  const wanted = [...keys, ...(node.spec?.unschedulable === true ? [unschedulable] : [])];
  return withTaints(node, "NoSchedule", (key) => ownKeys.has(key), wanted, nowMs);
}

/**
 * The taints that drive pods off a node that is not ready, or none where it is ready; undefined when it has them.
 * https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/controller/nodelifecycle/node_lifecycle_controller.go (doNoExecuteTaintingPass)
 */
export function withNoExecuteTaint(node: Node, isWanted: boolean, nowMs: number): Taint[] | undefined {
  const key = readyTaints[readyStatusOf(node)];
  const wanted = isWanted && key !== undefined ? [key] : [];
  return withTaints(node, "NoExecute", (each) => Object.values(readyTaints).includes(each), wanted, nowMs);
}

/** Whether a node has a taint that drives pods off because it is not ready. */
export function isBeingLeft({ spec }: Node): boolean {
  return (spec?.taints ?? []).some(
    ({ key, effect }) => effect === "NoExecute" && Object.values(readyTaints).includes(key),
  );
}

function withTaints(
  { spec }: Node,
  effect: string,
  isOwn: (key: string) => boolean,
  wanted: readonly string[],
  nowMs: number,
): Taint[] | undefined {
  const before = spec?.taints ?? [];
  const isOurs = (taint: Taint) => taint.effect === effect && isOwn(taint.key);
  const kept = before.filter((taint) => !isOurs(taint) || wanted.includes(taint.key));
  const missing = wanted.filter((key) => !kept.some((taint) => isOurs(taint) && taint.key === key));
  const after = [...kept, ...missing.map((key) => ({ key, effect, timeAdded: timestamp(nowMs) }))];
  return deepEqual(before, after) ? undefined : after;
}
