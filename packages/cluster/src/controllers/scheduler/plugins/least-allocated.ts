import type { Pod } from "@seaworthy/kube";
import { demandOf, type Load, type NodeInfo } from "../node-info.ts";
import { perNode } from "../per-node.ts";
import { maxScore } from "../plugin.ts";
import type { Snapshot } from "../snapshot.ts";

/**
 * Rates nodes by what of their CPU and memory stays free. A container that requests nothing counts with 100m and 200Mi, so
 * that such pods are spread as well.
 * https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/scheduler/framework/plugins/noderesources/least_allocated.go
 */
export function leastAllocated(pod: Pod, _snapshot: Snapshot, feasible: readonly NodeInfo[]): number[] {
  return feasible.map(pointsOf(demandOf(pod).nonZero));
}

const pointsOf = perNode(
  ({ cpu, memory }: Load) => `${cpu} ${memory}`,
  (own) =>
    ({ load: { allocatable, nonZero } }) => {
      const known = (["cpu", "memory"] as const).filter((name) => allocatable[name] > 0);
      if (known.length === 0) return 0;
      const points = known.map((name) => freeShare(nonZero[name] + own[name], allocatable[name]));
      return Math.floor(points.reduce((sum, each) => sum + each, 0) / known.length);
    },
);

function freeShare(used: number, capacity: number): number {
  return used > capacity ? 0 : Math.floor(((capacity - used) * maxScore) / capacity);
}
