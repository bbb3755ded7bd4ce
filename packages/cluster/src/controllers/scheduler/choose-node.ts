import type { Pod } from "@seaworthy/kube";
import type { Random } from "../../random.ts";
import { defaultFilters, defaultScores } from "./default-plugins.ts";
import type { NodeInfo } from "./node-info.ts";
import type { NodeFilter, NodeProblem } from "./plugin.ts";
import type { Snapshot } from "./snapshot.ts";

/** The node for a pod, or why there is none. */
export type Choice = { readonly nodeName: string } | { readonly refusal: Refusal };

/** Why no node suits a pod: a reason that holds for all of them, or what is wrong with each. */
export interface Refusal {
  readonly ofPod?: string;
  /** In the order of the snapshot's nodes. */
  readonly ofNodes: readonly (readonly NodeProblem[])[];
}

/**
 * Chooses among the nodes that suit a pod one that suits it best; equals are drawn.
 * https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/scheduler/schedule_one.go (schedulePod, selectHost)
 */
export function chooseNode(pod: Pod, snapshot: Snapshot, random: Random): Choice {
  const filters = nodeFilters(pod, snapshot);
  if (typeof filters === "string") {
    const ofAll = [{ reason: filters, fatal: true }];
    return { refusal: { ofPod: filters, ofNodes: snapshot.nodes.map(() => ofAll) } };
  }
  const ofNodes = snapshot.nodes.map((info) => problemsOf(info, filters));
  const feasible = snapshot.nodes.filter((_, index) => ofNodes[index]?.length === 0);
  if (feasible.length === 0) return { refusal: { ofNodes } };
  const scores = scoreNodes(pod, snapshot, feasible);
  const highest = Math.max(...scores);
  const best = feasible.filter((_, index) => scores[index] === highest);
  return { nodeName: best[Math.floor(random() * best.length)]?.node.metadata.name ?? "" };
}

/** What looks at each node for a pod, in the order of the default profile; a text when no node will do. */
export function nodeFilters(pod: Pod, snapshot: Snapshot): NodeFilter[] | string {
  const filters: NodeFilter[] = [];
  for (const filter of defaultFilters) {
    const made = filter(pod, snapshot);
    if (typeof made === "string") return made;
    if (made !== undefined) filters.push(made);
  }
  return filters;
}

/** What is wrong with a node; the first filter that says no has the word. */
export function problemsOf(info: NodeInfo, filters: readonly NodeFilter[]): readonly NodeProblem[] {
  for (const filter of filters) {
    const problems = filter(info);
    if (problems.length > 0) return problems;
  }
  return [];
}

function scoreNodes(pod: Pod, snapshot: Snapshot, feasible: readonly NodeInfo[]): number[] {
  const sums = feasible.map(() => 0);
  if (feasible.length === 1) return sums;
  for (const { score, weight } of defaultScores)
    for (const [index, points] of (score(pod, snapshot, feasible) ?? []).entries())
      sums[index] = (sums[index] ?? 0) + weight * points;
  return sums;
}
