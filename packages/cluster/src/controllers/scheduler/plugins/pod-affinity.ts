import { matchesLabelSelector, type Pod } from "@seaworthy/kube";
import type { NodeInfo } from "../node-info.ts";
import { nodesThat } from "../over-nodes.ts";
import { maxScore, noProblems, type NodeFilter } from "../plugin.ts";
import type { Snapshot } from "../snapshot.ts";

/**
 * Refuses nodes that are too far from the pods which a pod must be with, or too near to those which it must not be with, be it
 * by its own rules or by theirs.
 * https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/scheduler/framework/plugins/interpodaffinity/filtering.go
 */
export function podAffinity(pod: Pod, snapshot: Snapshot): NodeFilter | undefined {
  const together = required(pod, "podAffinity");
  const apart = required(pod, "podAntiAffinity");
  const matches = matcher(snapshot);
  const [wanted, avoided, refusing] = [new Domains(), new Domains(), new Domains()];
  const hasRules = together.length + apart.length > 0;
  for (const { node, pods, withAffinity } of hasRules ? snapshot.nodes : nodesWithRules(snapshot)) {
    for (const other of withAffinity)
      for (const term of required(other, "podAntiAffinity"))
        if (matches(term, other, pod)) refusing.add(node, term.topologyKey);
    for (const other of hasRules ? pods : []) {
      for (const term of apart) if (matches(term, pod, other)) avoided.add(node, term.topologyKey);
      // One pod has to meet all of the rules.
      if (together.length > 0 && together.every((term) => matches(term, pod, other)))
        for (const term of together) wanted.add(node, term.topologyKey);
    }
  }
  if (!hasRules && refusing.isEmpty) return undefined;
  // The first pod of a group that wants to be together has nobody to join, and may go anywhere.
  const isFirst = wanted.isEmpty && together.every((term) => matches(term, pod, pod));
  return ({ node }) => {
    const isThere = ({ topologyKey }: PodAffinityTerm) => node.metadata.labels?.[topologyKey] !== undefined;
    const isNear = (term: PodAffinityTerm) => wanted.sum(node, term.topologyKey) > 0;
    if (!together.every(isThere) || (!isFirst && !together.every(isNear)))
      return [{ reason: "node(s) didn't match pod affinity rules", fatal: true }];
    if (apart.some(({ topologyKey }) => avoided.sum(node, topologyKey) > 0))
      return [{ reason: "node(s) didn't match pod anti-affinity rules", fatal: false }];
    return refusing.sumOfAll(node) > 0
      ? [{ reason: "node(s) didn't satisfy existing pods anti-affinity rules", fatal: false }]
      : noProblems;
  };
}

/**
 * Rates nodes by the weights of the rules that the pod and those around it would rather see kept. A pod that must be with such
 * a pod counts one for it.
 * https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/scheduler/framework/plugins/interpodaffinity/scoring.go
 */
export function preferredPodAffinity(
  pod: Pod,
  snapshot: Snapshot,
  feasible: readonly NodeInfo[],
): number[] | undefined {
  const weights = new Domains();
  const matches = matcher(snapshot);
  const own = preferred(pod);
  for (const { node, pods, withAffinity } of own.length > 0 ? snapshot.nodes : nodesWithRules(snapshot)) {
    for (const other of own.length === 0 ? [] : pods)
      for (const { term, weight } of own)
        if (matches(term, pod, other)) weights.add(node, term.topologyKey, weight);
    for (const other of withAffinity) {
      for (const { term, weight } of preferred(other))
        if (matches(term, other, pod)) weights.add(node, term.topologyKey, weight);
      for (const term of required(other, "podAffinity"))
        if (matches(term, other, pod)) weights.add(node, term.topologyKey, hardWeight);
    }
  }
  if (weights.isEmpty) return undefined;
  const sums = feasible.map(({ node }) => weights.sumOfAll(node));
  const [low, high] = [Math.min(...sums), Math.max(...sums)];
  return sums.map((sum) => (high === low ? 0 : Math.trunc(maxScore * ((sum - low) / (high - low)))));
}

/** The nodes with pods that have rules of their own, which most have not. */
const nodesWithRules = nodesThat("with rules", ({ withAffinity }) => withAffinity.length > 0);

/** The default of InterPodAffinityArgs.HardPodAffinityWeight. */
const hardWeight = 1;

type PodAffinity = NonNullable<NonNullable<Pod["spec"]["affinity"]>["podAffinity"]>;
type PodAffinityTerm = NonNullable<PodAffinity["requiredDuringSchedulingIgnoredDuringExecution"]>[number];

/** Sums by the domains of topology keys: `zone=a` has 3. */
class Domains {
  readonly #sums = new Map<string, Map<string, number>>();

  get isEmpty(): boolean {
    return this.#sums.size === 0;
  }

  add({ metadata }: NodeInfo["node"], topologyKey: string, amount = 1): void {
    const domain = metadata.labels?.[topologyKey];
    if (domain === undefined) return;
    const sums = this.#sums.get(topologyKey) ?? new Map<string, number>();
    sums.set(domain, (sums.get(domain) ?? 0) + amount);
    this.#sums.set(topologyKey, sums);
  }

  sum({ metadata }: NodeInfo["node"], topologyKey: string): number {
    return this.#sums.get(topologyKey)?.get(metadata.labels?.[topologyKey] ?? "") ?? 0;
  }

  sumOfAll(node: NodeInfo["node"]): number {
    return [...this.#sums.keys()].reduce((total, topologyKey) => total + this.sum(node, topologyKey), 0);
  }
}

function required({ spec }: Pod, kind: "podAffinity" | "podAntiAffinity"): readonly PodAffinityTerm[] {
  return spec.affinity?.[kind]?.requiredDuringSchedulingIgnoredDuringExecution ?? [];
}

function preferred({ spec }: Pod): { readonly term: PodAffinityTerm; readonly weight: number }[] {
  const { podAffinity: together, podAntiAffinity: apart } = spec.affinity ?? {};
  return [
    ...(together?.preferredDuringSchedulingIgnoredDuringExecution ?? []).map(
      ({ podAffinityTerm: term, weight }) => ({ term, weight }),
    ),
    ...(apart?.preferredDuringSchedulingIgnoredDuringExecution ?? []).map(
      ({ podAffinityTerm: term, weight }) => ({ term, weight: -weight }),
    ),
  ];
}

/** Tells whether a rule of `owner` speaks of `other`. Without namespaces it speaks of the owner's own. */
function matcher({ namespaceLabels }: Snapshot): (term: PodAffinityTerm, owner: Pod, other: Pod) => boolean {
  return (term, owner, other) => {
    const { namespaces = [], namespaceSelector, labelSelector } = term;
    const { namespace = "", labels } = other.metadata;
    const isOwn = namespaces.length === 0 && namespaceSelector === undefined;
    const speaksOf =
      (isOwn && namespace === owner.metadata.namespace) ||
      namespaces.includes(namespace) ||
      (namespaceSelector !== undefined &&
        matchesLabelSelector(namespaceSelector, namespaceLabels(namespace) ?? {}));
    return speaksOf && matchesLabelSelector(labelSelector, labels) && hasKeys(term, owner, other);
  };
}

/** Keys that the owner's labels lack say nothing. */
function hasKeys(
  { matchLabelKeys = [], mismatchLabelKeys = [] }: PodAffinityTerm,
  owner: Pod,
  { metadata: { labels = {} } }: Pod,
): boolean {
  const own = owner.metadata.labels ?? {};
  return (
    matchLabelKeys.every((key) => own[key] === undefined || labels[key] === own[key]) &&
    mismatchLabelKeys.every((key) => own[key] === undefined || labels[key] !== own[key])
  );
}
