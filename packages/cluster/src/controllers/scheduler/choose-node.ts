import type { Pod } from "@seaworthy/kube";
import type { Random } from "../../random.ts";
import { defaultFilters, defaultScores } from "./default-plugins.ts";
import type { NodeInfo } from "./node-info.ts";
import { problemsOf, type NodeFilter, type NodeProblem } from "./plugin.ts";
import type { Snapshot } from "./snapshot.ts";

/** The node for a pod, or why there is none, and how many nodes were looked at. */
export type Choice = { readonly looked: number } & (
  | { readonly nodeName: string }
  | { readonly refusal: Refusal }
);

/** Why no node suits a pod: a reason that holds for all of them, or what is wrong with each. */
export interface Refusal {
  readonly ofPod?: string;
  /** In the order of the snapshot's nodes. */
  readonly ofNodes: readonly (readonly NodeProblem[])[];
}

/**
 * Chooses among the nodes that suit a pod one that suits it best; equals are drawn. Of many nodes it looks only at so many,
 * from `first` on, that enough of them suit.
 * https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/scheduler/schedule_one.go (schedulePod, selectHost)
 */
export function chooseNode(pod: Pod, snapshot: Snapshot, random: Random, first = 0): Choice {
  const filters = nodeFilters(pod, snapshot);
  if (typeof filters === "string") {
    const ofAll = [{ reason: filters, fatal: true }];
    return { looked: 0, refusal: { ofPod: filters, ofNodes: snapshot.nodes.map(() => ofAll) } };
  }
  const { feasible, looked } = findFeasible(snapshot.nodes, filters, first);
  if (feasible.length === 0) {
    const ofNodes = snapshot.nodes.map((info) => problemsOf(info, filters));
    return { looked, refusal: { ofNodes } };
  }
  const scores = scoreNodes(pod, snapshot, feasible);
  const highest = Math.max(...scores);
  const best = feasible.filter((_, index) => scores[index] === highest);
  return { looked, nodeName: best[Math.floor(random() * best.length)]?.node.metadata.name ?? "" };
}

/** As many nodes that suit as are enough, and how many were looked at for them. */
function findFeasible(
  nodes: readonly NodeInfo[],
  filters: readonly NodeFilter[],
  first: number,
): { readonly feasible: readonly NodeInfo[]; readonly looked: number } {
  const enough = feasibleNodesToFind(nodes.length);
  const feasible: NodeInfo[] = [];
  let looked = 0;
  while (looked < nodes.length && feasible.length < enough) {
    const info = nodes[(first + looked) % nodes.length]!;
    if (problemsOf(info, filters).length === 0) feasible.push(info);
    looked += 1;
  }
  return { feasible, looked };
}

/** Of fewer than 100 nodes all, of 100 half, and of more a share that falls to 5 % (numFeasibleNodesToFind, with its defaults). */
export function feasibleNodesToFind(count: number): number {
  if (count < 100) return count;
  const percentage = Math.max(5, 50 - Math.floor(count / 125));
  return Math.max(100, Math.floor((count * percentage) / 100));
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

function scoreNodes(pod: Pod, snapshot: Snapshot, feasible: readonly NodeInfo[]): number[] {
  const sums = feasible.map(() => 0);
  if (feasible.length === 1) return sums;
  for (const { score, weight } of defaultScores)
    for (const [index, points] of (score(pod, snapshot, feasible) ?? []).entries())
      sums[index] = (sums[index] ?? 0) + weight * points;
  return sums;
}
