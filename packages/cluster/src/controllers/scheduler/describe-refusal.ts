import type { Refusal } from "./choose-node.ts";

/**
 * Why a pod has no node: `0/3 nodes are available: 3 Insufficient cpu. no new claims to deallocate, preemption: …`, where the
 * claims are those for devices. When no node will do, neither is tried, and what is said instead is "not found".
 * https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/scheduler/framework/types.go (FitError)
 */
export function describeRefusal({ ofPod, ofNodes }: Refusal, preemption: string): string {
  if (ofNodes.length === 0) return "no nodes available to schedule pods";
  const available = nodesAvailable(ofNodes.length);
  if (ofPod !== undefined) return `${available} ${ofPod}. not found`;
  const reasons = countReasons(ofNodes.flatMap((own) => own.map(({ reason }) => reason)));
  // Pods that go make room without a word.
  if (preemption === "") return `${available} ${reasons}.`;
  return `${available} ${reasons}. no new claims to deallocate, preemption: ${preemption}`;
}

/** Why preemption helps nowhere, by node. */
export function describeNoVictims(reasons: readonly string[]): string {
  return `${nodesAvailable(reasons.length)} ${countReasons(reasons)}.`;
}

function nodesAvailable(count: number): string {
  return `0/${count} nodes are available:`;
}

function countReasons(reasons: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  return [...counts]
    .map(([reason, count]) => `${count} ${reason}`)
    .toSorted()
    .join(", ");
}
