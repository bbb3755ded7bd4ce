import type { Pod } from "@seaworthy/kube";
import { demandOf, type Load, type NodeInfo } from "../node-info.ts";
import { perNode } from "../per-node.ts";
import { maxScore } from "../plugin.ts";
import type { Snapshot } from "../snapshot.ts";

/**
 * Rates nodes by how much nearer a pod brings the used shares of CPU and memory to each other. Pods that request nothing say
 * nothing about that.
 * https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/scheduler/framework/plugins/noderesources/balanced_allocation.go
 */
export function balancedAllocation(
  pod: Pod,
  _snapshot: Snapshot,
  feasible: readonly NodeInfo[],
): number[] | undefined {
  const own = demandOf(pod).requested;
  return own.cpu === 0 && own.memory === 0 ? undefined : feasible.map(pointsOf(own));
}

const pointsOf = perNode(
  ({ cpu, memory }: Load) => `${cpu} ${memory}`,
  ({ cpu, memory }) =>
    ({ load: { allocatable, requested } }) => {
      const after = { cpu: requested.cpu + cpu, memory: requested.memory + memory };
      const gain = balance(after, allocatable) - balance(requested, allocatable);
      return maxScore / 2 + Math.trunc((maxScore / 2 + gain) / 2);
    },
);

function balance(used: Load, allocatable: Load): number {
  const shares = (["cpu", "memory"] as const)
    .filter((name) => allocatable[name] > 0)
    .map((name) => Math.min(1, used[name] / allocatable[name]));
  const [first = 0, second] = shares;
  const deviation = second === undefined ? 0 : Math.abs((first - second) / 2);
  return Math.trunc((1 - deviation) * maxScore);
}
