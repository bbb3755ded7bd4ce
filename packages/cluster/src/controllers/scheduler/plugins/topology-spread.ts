import {
  matchesLabelSelector,
  matchesNodeSelection,
  taintsOf,
  untoleratedTaint,
  type LabelSelector,
  type Node,
  type Pod,
  type TopologySpreadConstraint,
} from "@seaworthy/kube";
import type { NodeInfo } from "../node-info.ts";
import { maxScore, noProblems, type NodeFilter } from "../plugin.ts";
import type { Snapshot } from "../snapshot.ts";

/**
 * Refuses nodes on which a pod would be spread too unevenly.
 * https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/scheduler/framework/plugins/podtopologyspread/filtering.go
 */
export function topologySpread(pod: Pod, { nodes }: Snapshot): NodeFilter | undefined {
  const constraints = constraintsOf(pod, "DoNotSchedule");
  if (constraints.length === 0) return undefined;
  const eligible = nodes.filter(({ node }) => hasLabels(node, constraints));
  const limits = constraints.map((constraint) => {
    const counts = countByDomain(pod, constraint, eligible);
    const fewest = counts.size < constraint.minDomains ? 0 : Math.min(...counts.values());
    const self = constraint.selects(pod) ? 1 : 0;
    return { ...constraint, counts, fewest, self };
  });
  return ({ node }) => {
    for (const { topologyKey, counts, self, fewest, maxSkew } of limits) {
      const domain = node.metadata.labels?.[topologyKey];
      if (domain === undefined) return [{ reason: `${mismatch} (missing required label)`, fatal: true }];
      if ((counts.get(domain) ?? 0) + self - fewest > maxSkew) return [{ reason: mismatch, fatal: false }];
    }
    return noProblems;
  };
}

/**
 * Rates nodes by how few pods like this one their domains have. A pod without constraints has those of the system: over hosts,
 * and, less strictly, over zones.
 * https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/scheduler/framework/plugins/podtopologyspread/scoring.go
 */
export function wishedTopologySpread(
  pod: Pod,
  { nodes, selectorsOf }: Snapshot,
  feasible: readonly NodeInfo[],
): number[] | undefined {
  const hasOwn = (pod.spec.topologySpreadConstraints ?? []).length > 0;
  const constraints = hasOwn
    ? constraintsOf(pod, "ScheduleAnyway")
    : systemConstraints(pod, selectorsOf(pod));
  if (constraints.length === 0) return undefined;
  // A node without a zone is still spread over by its host, where nobody asked for zones.
  const qualifies = ({ node }: NodeInfo) => !hasOwn || hasLabels(node, constraints);
  const rated = feasible.filter(qualifies);
  const points = constraints.map((constraint) => {
    const { topologyKey, maxSkew } = constraint;
    const isHost = topologyKey === hostLabel;
    const domains = new Set(rated.map(({ node }) => node.metadata.labels?.[topologyKey] ?? ""));
    const weight = Math.log((isHost ? rated.length : domains.size) + 2);
    const counts = isHost ? new Map() : countByDomain(pod, constraint, nodes.filter(qualifies));
    return (info: NodeInfo) => {
      const domain = info.node.metadata.labels?.[topologyKey];
      if (domain === undefined) return 0;
      const count = isHost ? countLike(constraint, info) : (counts.get(domain) ?? 0);
      return count * weight + maxSkew - 1;
    };
  });
  const sums = new Map(
    rated.map((info) => [info, Math.round(points.reduce((sum, point) => sum + point(info), 0))]),
  );
  const [fewest, most] = [Math.min(...sums.values()), Math.max(0, ...sums.values())];
  return feasible.map((info) => {
    const sum = sums.get(info);
    if (sum === undefined) return 0;
    return most === 0 ? maxScore : Math.trunc((maxScore * (most + fewest - sum)) / most);
  });
}

const mismatch = "node(s) didn't match pod topology spread constraints";
const hostLabel = "kubernetes.io/hostname";

interface Constraint {
  readonly topologyKey: string;
  readonly maxSkew: number;
  readonly minDomains: number;
  readonly honorsAffinity: boolean;
  readonly honorsTaints: boolean;
  /** A selector that selects everything counts nobody (countPodsMatchSelector of common.go). */
  readonly selectsAll: boolean;
  selects(other: Pod): boolean;
  /** The same for constraints that select the same pods, of which all are in one namespace. */
  readonly id: string;
}

function constraintsOf(pod: Pod, when: string): Constraint[] {
  return (pod.spec.topologySpreadConstraints ?? [])
    .filter(({ whenUnsatisfiable }) => whenUnsatisfiable === when)
    .map((constraint) => toConstraint(constraint, selectorsIn(constraint, pod), pod));
}

/** The keys of `matchLabelKeys` that the pod does not have are left out. */
function selectorsIn({ labelSelector, matchLabelKeys = [] }: TopologySpreadConstraint, pod: Pod) {
  const own = pod.metadata.labels ?? {};
  const matchLabels = Object.fromEntries(
    matchLabelKeys.flatMap((key) => (own[key] === undefined ? [] : [[key, own[key]]])),
  );
  return [labelSelector, { matchLabels }];
}

function systemConstraints(pod: Pod, selectors: readonly LabelSelector[]): Constraint[] {
  if (selectors.every(isEmpty)) return [];
  return [
    { topologyKey: hostLabel, maxSkew: 3, whenUnsatisfiable: "ScheduleAnyway" },
    { topologyKey: "topology.kubernetes.io/zone", maxSkew: 5, whenUnsatisfiable: "ScheduleAnyway" },
  ].map((constraint) => toConstraint(constraint, selectors, pod));
}

function toConstraint(
  { topologyKey, maxSkew, minDomains = 1, nodeAffinityPolicy, nodeTaintsPolicy }: TopologySpreadConstraint,
  selectors: readonly (LabelSelector | undefined)[],
  { metadata: { namespace } }: Pod,
): Constraint {
  return {
    topologyKey,
    maxSkew,
    minDomains,
    honorsAffinity: nodeAffinityPolicy !== "Ignore",
    honorsTaints: nodeTaintsPolicy === "Honor",
    selectsAll: selectors.every((selector) => selector !== undefined && isEmpty(selector)),
    id: JSON.stringify([namespace, selectors]),
    selects: ({ metadata }) =>
      metadata.namespace === namespace &&
      selectors.every((selector) => matchesLabelSelector(selector, metadata.labels)),
  };
}

function isEmpty({ matchLabels = {}, matchExpressions = [] }: LabelSelector): boolean {
  return Object.keys(matchLabels).length + matchExpressions.length === 0;
}

function hasLabels(node: Node, constraints: readonly Constraint[]): boolean {
  return constraints.every(({ topologyKey }) => node.metadata.labels?.[topologyKey] !== undefined);
}

function countByDomain(pod: Pod, constraint: Constraint, nodes: readonly NodeInfo[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const info of nodes) {
    const domain = info.node.metadata.labels?.[constraint.topologyKey];
    if (domain === undefined || !isEligible(pod, constraint, info.node)) continue;
    counts.set(domain, (counts.get(domain) ?? 0) + countLike(constraint, info));
  }
  return counts;
}

function isEligible(pod: Pod, constraint: Constraint, node: Node): boolean {
  if (constraint.honorsAffinity && !matchesNodeSelection(pod, node)) return false;
  return !constraint.honorsTaints || untoleratedTaint(pod, taintsOf(node)) === undefined;
}

/** Pods on their way out are not counted. */
function countLike({ selects, selectsAll, id }: Constraint, info: NodeInfo): number {
  if (selectsAll || info.pods.length === 0) return 0;
  let known = counted.get(info);
  if (known === undefined) counted.set(info, (known = new Map()));
  let count = known.get(id);
  if (count === undefined) {
    const like = info.pods.filter(
      (other) => other.metadata.deletionTimestamp === undefined && selects(other),
    );
    known.set(id, (count = like.length));
  }
  return count;
}

// From one pod to the next most nodes stay as they are, and many pods ask for the same.
const counted = new WeakMap<NodeInfo, Map<string, number>>();
