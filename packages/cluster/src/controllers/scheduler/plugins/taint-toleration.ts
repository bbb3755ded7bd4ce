import { taintsOf, tolerates, untoleratedTaint, type Pod } from "@seaworthy/kube";
import type { NodeInfo } from "../node-info.ts";
import { nodesThat } from "../over-nodes.ts";
import { perNode } from "../per-node.ts";
import { noProblems, normalizeByLargest, type NodeFilter } from "../plugin.ts";
import type { Snapshot } from "../snapshot.ts";

/**
 * Refuses nodes with a taint that the pod does not tolerate.
 * https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/scheduler/framework/plugins/tainttoleration/taint_toleration.go
 */
export function taintToleration(pod: Pod): NodeFilter {
  const problems = [{ reason: "node(s) had untolerated taint(s)", fatal: true }];
  return ({ node }) => (untoleratedTaint(pod, taintsOf(node)) === undefined ? noProblems : problems);
}

/** Rates nodes by how few of their taints would rather not have the pod. */
export function softTaints(
  pod: Pod,
  snapshot: Snapshot,
  feasible: readonly NodeInfo[],
): number[] | undefined {
  if (softlyTainted(snapshot).size === 0) return undefined;
  return normalizeByLargest(feasible.map(countUnwelcome(pod)), true);
}

/** Where there are none all nodes are alike. */
const softlyTainted = nodesThat("softly tainted", ({ node }) =>
  taintsOf(node).some(({ effect }) => effect === "PreferNoSchedule"),
);

const countUnwelcome = perNode(
  ({ spec }: Pod) => JSON.stringify(spec.tolerations),
  ({ spec }) => {
    const tolerations = (spec.tolerations ?? []).filter(
      ({ effect = "" }) => effect === "" || effect === "PreferNoSchedule",
    );
    return ({ node }) =>
      taintsOf(node).filter(
        (taint) =>
          taint.effect === "PreferNoSchedule" &&
          !tolerations.some((toleration) => tolerates(toleration, taint)),
      ).length;
  },
);

/** Refuses cordoned nodes. Cordoning a node also taints it, and who tolerates that taint may still come. */
export function nodeUnschedulable(pod: Pod): NodeFilter {
  const taint = { key: "node.kubernetes.io/unschedulable", effect: "NoSchedule" };
  const mayCome = untoleratedTaint(pod, [taint]) === undefined;
  const problems = [{ reason: "node(s) were unschedulable", fatal: true }];
  return ({ node }) => (node.spec?.unschedulable === true && !mayCome ? problems : noProblems);
}
