import { matchesLabelSelector, type Pod } from "@seaworthy/kube";
import type { NodeInfo } from "./node-info.ts";

type PodAffinity = NonNullable<NonNullable<Pod["spec"]["affinity"]>["podAffinity"]>;
/** One rule of pod affinity or anti-affinity. */
export type PodAffinityTerm = NonNullable<
  PodAffinity["requiredDuringSchedulingIgnoredDuringExecution"]
>[number];

/** The cluster as affinity and spread see it: nodes with their labels and pods. */
export type Cluster = readonly NodeInfo[];

/** Why a node does not suit the pod affinity of a pod or of the pods that are there, in Kubernetes' words. */
export function affinityProblem(pod: Pod, candidate: NodeInfo, cluster: Cluster): string | undefined {
  const affinity = required(pod, "podAffinity");
  if (!affinity.every((term) => suits(term, pod, candidate, cluster, affinity))) {
    return "node(s) didn't match pod affinity rules";
  }
  if (required(pod, "podAntiAffinity").some((term) => inDomain(term, pod, candidate, cluster).length > 0)) {
    return "node(s) didn't match pod anti-affinity rules";
  }
  return isRefused(pod, candidate, cluster)
    ? "node(s) didn't satisfy existing pods anti-affinity rules"
    : undefined;
}

/** Weight of the preferred rules that a node meets, less those that it breaks. */
export function preferredAffinityScore(pod: Pod, candidate: NodeInfo, cluster: Cluster): number {
  const { podAffinity, podAntiAffinity } = pod.spec.affinity ?? {};
  const sum = (terms: readonly { weight: number; podAffinityTerm: PodAffinityTerm }[] = []) =>
    terms.reduce(
      (total, term) => total + term.weight * inDomain(term.podAffinityTerm, pod, candidate, cluster).length,
      0,
    );
  return (
    sum(podAffinity?.preferredDuringSchedulingIgnoredDuringExecution) -
    sum(podAntiAffinity?.preferredDuringSchedulingIgnoredDuringExecution)
  );
}

function required(pod: Pod, kind: "podAffinity" | "podAntiAffinity"): readonly PodAffinityTerm[] {
  return pod.spec.affinity?.[kind]?.requiredDuringSchedulingIgnoredDuringExecution ?? [];
}

/** The first pod of a group that wants to be together has nobody to join, and may go anywhere. */
function suits(
  term: PodAffinityTerm,
  pod: Pod,
  candidate: NodeInfo,
  cluster: Cluster,
  all: readonly PodAffinityTerm[],
): boolean {
  if (candidate.node.metadata.labels?.[term.topologyKey] === undefined) return false;
  if (inDomain(term, pod, candidate, cluster).length > 0) return true;
  const anybody = cluster.some(({ pods }) =>
    pods.some((other) => all.some((one) => selects(one, pod, other))),
  );
  return !anybody && all.every((one) => selects(one, pod, pod));
}

function inDomain(term: PodAffinityTerm, pod: Pod, candidate: NodeInfo, cluster: Cluster): Pod[] {
  const domain = candidate.node.metadata.labels?.[term.topologyKey];
  if (domain === undefined) return [];
  return cluster
    .filter(({ node }) => node.metadata.labels?.[term.topologyKey] === domain)
    .flatMap(({ pods }) => pods.filter((other) => selects(term, pod, other)));
}

function isRefused(pod: Pod, candidate: NodeInfo, cluster: Cluster): boolean {
  return cluster.some(({ node, pods }) =>
    pods.some((other) =>
      required(other, "podAntiAffinity").some((term) => {
        const domain = node.metadata.labels?.[term.topologyKey];
        const same = domain !== undefined && candidate.node.metadata.labels?.[term.topologyKey] === domain;
        return same && selects(term, other, pod);
      }),
    ),
  );
}

/** Whether a rule of `owner` speaks of `other`. Without namespaces it speaks of the owner's own. */
function selects(term: PodAffinityTerm, owner: Pod, other: Pod): boolean {
  const {
    namespaces = [],
    namespaceSelector,
    labelSelector,
    matchLabelKeys = [],
    mismatchLabelKeys = [],
  } = term;
  const namespace = other.metadata.namespace ?? "";
  const everywhere = namespaceSelector !== undefined && Object.keys(namespaceSelector).length === 0;
  const own =
    namespaces.length === 0 && namespaceSelector === undefined && namespace === owner.metadata.namespace;
  if (!everywhere && !own && !namespaces.includes(namespace)) return false;
  const same = (key: string) => owner.metadata.labels?.[key] === other.metadata.labels?.[key];
  return (
    matchesLabelSelector(labelSelector, other.metadata.labels) &&
    matchLabelKeys.every((key) => same(key)) &&
    mismatchLabelKeys.every((key) => !same(key))
  );
}
