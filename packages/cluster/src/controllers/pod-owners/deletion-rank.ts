import { type Pod, parseTimestamp, isPodReady, podReadySinceMs } from "@seaworthy/kube";

/** The annotation by which a user says which pods to keep the longest. */
export const podDeletionCost = "controller.kubernetes.io/pod-deletion-cost";

/**
 * The pods in the order in which a ReplicaSet gives them up: those that are worth least first
 * (k8s.io/kubernetes/pkg/controller/controller_utils.go, ActivePodsWithRanks). `podsOnNode` says how many pods
 * of the same owner share a node.
 */
export function rankForDeletion(
  pods: readonly Pod[],
  podsOnNode: ReadonlyMap<string, number>,
  nowMs: number,
): Pod[] {
  const shared = (pod: Pod) => podsOnNode.get(pod.spec.nodeName ?? "") ?? 0;
  return [...pods].sort((left, right) => {
    const comparisons: readonly (() => number)[] = [
      () => Number(isAssigned(left)) - Number(isAssigned(right)),
      () => phaseRank(left) - phaseRank(right),
      () => Number(isPodReady(left)) - Number(isPodReady(right)),
      () => deletionCost(left) - deletionCost(right),
      () => shared(right) - shared(left),
      () => compareAge(podReadySinceMs(left), podReadySinceMs(right), nowMs),
      () => restarts(right) - restarts(left),
      () => compareAge(createdMs(left), createdMs(right), nowMs),
      () => ((left.metadata.uid ?? "") < (right.metadata.uid ?? "") ? -1 : 1),
    ];
    for (const compare of comparisons) {
      const order = compare();
      if (order !== 0) return order;
    }
    return 0;
  });
}

function isAssigned(pod: Pod): boolean {
  return (pod.spec.nodeName ?? "") !== "";
}

function phaseRank(pod: Pod): number {
  return { Pending: 0, Unknown: 1 }[pod.status?.phase ?? "Pending"] ?? 2;
}

function deletionCost(pod: Pod): number {
  const cost = Number(pod.metadata.annotations?.[podDeletionCost] ?? 0);
  return Number.isInteger(cost) ? cost : 0;
}

function restarts(pod: Pod): number {
  return Math.max(0, ...(pod.status?.containerStatuses ?? []).map(({ restartCount }) => restartCount ?? 0));
}

function createdMs(pod: Pod): number | undefined {
  return parseTimestamp(pod.metadata.creationTimestamp);
}

/**
 * The younger goes first. Ages count by their logarithm, so that of pods of about the same age not always the
 * very youngest goes (KEP-2185, random pod selection on scale-down).
 */
function compareAge(leftMs: number | undefined, rightMs: number | undefined, nowMs: number): number {
  const bucket = (ms: number | undefined) =>
    ms === undefined ? -1 : Math.floor(Math.log2(Math.max(1, nowMs - ms)));
  return bucket(leftMs) - bucket(rightMs);
}
