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
import { overNodes } from "../over-nodes.ts";
import { perNode } from "../per-node.ts";
import { maxScore, noProblems, type NodeFilter } from "../plugin.ts";
import type { Snapshot } from "../snapshot.ts";

/**
 * Refuses nodes on which a pod would be spread too unevenly.
 * https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/scheduler/framework/plugins/podtopologyspread/filtering.go
 */
export function topologySpread(pod: Pod, snapshot: Snapshot): NodeFilter | undefined {
  const constraints = constraintsOf(pod, "DoNotSchedule");
  if (constraints.length === 0) return undefined;
  const limits = constraints.map((constraint) => {
    const counts = countByDomain({ pod, constraint, required: constraints }, snapshot);
    const fewest =
      counts.size < constraint.minDomains ? 0 : Math.min(...[...counts.values()].map(({ pods }) => pods));
    const self = constraint.selects(pod) ? 1 : 0;
    return { ...constraint, counts, fewest, self };
  });
  return ({ node }) => {
    for (const { topologyKey, counts, self, fewest, maxSkew } of limits) {
      const domain = node.metadata.labels?.[topologyKey];
      if (domain === undefined) return [{ reason: `${mismatch} (missing required label)`, fatal: true }];
      if ((counts.get(domain)?.pods ?? 0) + self - fewest > maxSkew)
        return [{ reason: mismatch, fatal: false }];
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
  snapshot: Snapshot,
  feasible: readonly NodeInfo[],
): number[] | undefined {
  const hasOwn = (pod.spec.topologySpreadConstraints ?? []).length > 0;
  const constraints = hasOwn
    ? constraintsOf(pod, "ScheduleAnyway")
    : systemConstraints(pod, snapshot.selectorsOf(pod));
  if (constraints.length === 0) return undefined;
  // A node without a zone is still spread over by its host, where nobody asked for zones.
  const qualifies = ({ node }: NodeInfo) => !hasOwn || hasLabels(node, constraints);
  const rated = hasOwn ? feasible.filter(qualifies) : feasible;
  const points = constraints.map((constraint) => {
    const { topologyKey, maxSkew } = constraint;
    if (topologyKey === hostLabel) {
      const weight = Math.log(rated.length + 2);
      const count = countLike(constraint);
      return (info: NodeInfo) =>
        info.node.metadata.labels?.[topologyKey] === undefined ? 0 : count(info) * weight + maxSkew - 1;
    }
    const domains = new Set(rated.map(({ node }) => node.metadata.labels?.[topologyKey] ?? ""));
    const weight = Math.log(domains.size + 2);
    const counts = countByDomain({ pod, constraint, required: hasOwn ? constraints : [] }, snapshot);
    return ({ node }: NodeInfo) => {
      const domain = node.metadata.labels?.[topologyKey];
      return domain === undefined ? 0 : (counts.get(domain)?.pods ?? 0) * weight + maxSkew - 1;
    };
  });
  const sumOf = (info: NodeInfo) => Math.round(points.reduce((sum, point) => sum + point(info), 0));
  const sums = feasible.map((info) => (qualifies(info) ? sumOf(info) : undefined));
  const known = sums.filter((sum) => sum !== undefined);
  const [fewest, most] = [Math.min(...known), Math.max(0, ...known)];
  return sums.map((sum) => {
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

interface Spread {
  readonly pod: Pod;
  readonly constraint: Constraint;
  /** Nodes without the labels of one of these have no part in it. */
  readonly required: readonly Constraint[];
}

/** How many such pods, and how many nodes, each domain has. */
const countByDomain = overNodes(
  ({ pod: { spec }, constraint, required }: Spread) => {
    const { id, topologyKey, honorsAffinity, honorsTaints } = constraint;
    const keys = required.map((each) => each.topologyKey);
    const affinity = honorsAffinity && [spec.nodeSelector, spec.affinity?.nodeAffinity];
    return JSON.stringify(["spread", id, topologyKey, keys, affinity, honorsTaints && spec.tolerations]);
  },
  ({ pod, constraint, required }) => {
    const sum = new Map<string, { readonly nodes: number; readonly pods: number }>();
    const countLikeIt = countLike(constraint);
    return {
      sum,
      count(info, sign) {
        const domain = info.node.metadata.labels?.[constraint.topologyKey];
        if (domain === undefined || !hasLabels(info.node, required)) return;
        if (!isEligible(pod, constraint, info.node)) return;
        const { nodes, pods } = sum.get(domain) ?? { nodes: 0, pods: 0 };
        const next = { nodes: nodes + sign, pods: pods + sign * countLikeIt(info) };
        if (next.nodes > 0) sum.set(domain, next);
        else sum.delete(domain);
      },
    };
  },
);

function isEligible(pod: Pod, constraint: Constraint, node: Node): boolean {
  if (constraint.honorsAffinity && !matchesNodeSelection(pod, node)) return false;
  return !constraint.honorsTaints || untoleratedTaint(pod, taintsOf(node)) === undefined;
}

/** Pods on their way out are not counted. */
const countLike = perNode(
  ({ id }: Constraint) => id,
  ({ selects, selectsAll }) =>
    ({ pods }) =>
      selectsAll
        ? 0
        : pods.filter((other) => other.metadata.deletionTimestamp === undefined && selects(other)).length,
);
