import type { Pod } from "@seaworthy/kube";
import type { NodeInfo } from "./node-info.ts";
import type { Snapshot } from "./snapshot.ts";

/** One reason why a node does not suit a pod. `fatal`: taking pods away would not help. */
export interface NodeProblem {
  readonly reason: string;
  readonly fatal: boolean;
}

/** Why a node does not suit the pod of which the filter was made; nothing when it does. */
export type NodeFilter = (info: NodeInfo) => readonly NodeProblem[];

/**
 * Looks at a pod and at the cluster once, and gives what looks at each node. Undefined: nothing about this pod concerns the
 * filter. A text: no node will do, and why.
 */
export type Filter = (pod: Pod, snapshot: Snapshot) => NodeFilter | string | undefined;

/** Rates the nodes that passed all filters, each with 0 to 100. Undefined: nothing about this pod concerns the score. */
export type Score = (
  pod: Pod,
  snapshot: Snapshot,
  feasible: readonly NodeInfo[],
) => readonly number[] | undefined;

/** The best that a score can give (MaxNodeScore of k8s.io/kube-scheduler/framework/interface.go). */
export const maxScore = 100;

/** A filter's answer for a node that suits. */
export const noProblems: readonly NodeProblem[] = [];

/** What is wrong with a node; the first filter that says no has the word. */
export function problemsOf(info: NodeInfo, filters: readonly NodeFilter[]): readonly NodeProblem[] {
  for (const filter of filters) {
    const problems = filter(info);
    if (problems.length > 0) return problems;
  }
  return noProblems;
}

/**
 * Brings counts to 0–100 by their largest, as k8s.io/kubernetes/pkg/scheduler/framework/plugins/helper/normalize_score.go does;
 * `reverse` where fewer is better.
 */
export function normalizeByLargest(counts: readonly number[], reverse = false): number[] {
  const largest = Math.max(0, ...counts);
  return counts.map((count) => {
    const share = largest === 0 ? 0 : Math.floor((maxScore * count) / largest);
    return reverse ? maxScore - share : share;
  });
}
