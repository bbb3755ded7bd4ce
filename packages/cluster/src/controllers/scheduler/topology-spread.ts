import {
  matchesLabelSelector,
  matchesNodeSelection,
  taintsOf,
  untoleratedTaint,
  type Pod,
  type TopologySpreadConstraint,
} from "@seaworthy/kube";
import type { NodeInfo } from "./node-info.ts";

/** Why a node would spread the pods too unevenly, in Kubernetes' words (plugins/podtopologyspread/filtering.go). */
export function spreadProblem(
  pod: Pod,
  candidate: NodeInfo,
  cluster: readonly NodeInfo[],
): string | undefined {
  for (const constraint of constraintsOf(pod, "DoNotSchedule")) {
    const domain = candidate.node.metadata.labels?.[constraint.topologyKey];
    if (domain === undefined) {
      return "node(s) didn't match pod topology spread constraints (missing required label)";
    }
    const counts = countByDomain(pod, constraint, cluster);
    const minDomains = constraint.minDomains ?? 1;
    const fewest = counts.size < minDomains ? 0 : Math.min(...counts.values());
    const self = selects(constraint, pod, pod) ? 1 : 0;
    if ((counts.get(domain) ?? 0) + self - fewest > constraint.maxSkew) {
      return "node(s) didn't match pod topology spread constraints";
    }
  }
  return undefined;
}

/** How many pods a node's domains have already, for the constraints that are only wishes; fewer is better. */
export function spreadWishCount(pod: Pod, candidate: NodeInfo, cluster: readonly NodeInfo[]): number {
  return constraintsOf(pod, "ScheduleAnyway").reduce((sum, constraint) => {
    const domain = candidate.node.metadata.labels?.[constraint.topologyKey];
    return sum + (domain === undefined ? 0 : (countByDomain(pod, constraint, cluster).get(domain) ?? 0));
  }, 0);
}

function constraintsOf(pod: Pod, when: string): TopologySpreadConstraint[] {
  return (pod.spec.topologySpreadConstraints ?? []).filter(
    ({ whenUnsatisfiable }) => whenUnsatisfiable === when,
  );
}

function countByDomain(
  pod: Pod,
  constraint: TopologySpreadConstraint,
  cluster: readonly NodeInfo[],
): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { node, pods } of cluster) {
    const domain = node.metadata.labels?.[constraint.topologyKey];
    if (domain === undefined || !isEligible(pod, constraint, node)) continue;
    const matching = pods.filter(
      (other) => other.metadata.deletionTimestamp === undefined && selects(constraint, pod, other),
    );
    counts.set(domain, (counts.get(domain) ?? 0) + matching.length);
  }
  return counts;
}

/** nodeAffinityPolicy is Honor and nodeTaintsPolicy is Ignore unless the constraint says otherwise. */
function isEligible(pod: Pod, constraint: TopologySpreadConstraint, node: NodeInfo["node"]): boolean {
  if (constraint.nodeAffinityPolicy !== "Ignore" && !matchesNodeSelection(pod, node)) return false;
  return constraint.nodeTaintsPolicy !== "Honor" || untoleratedTaint(pod, taintsOf(node)) === undefined;
}

function selects(constraint: TopologySpreadConstraint, pod: Pod, other: Pod): boolean {
  return (
    other.metadata.namespace === pod.metadata.namespace &&
    matchesLabelSelector(constraint.labelSelector, other.metadata.labels) &&
    (constraint.matchLabelKeys ?? []).every(
      (key) => other.metadata.labels?.[key] === pod.metadata.labels?.[key],
    )
  );
}
