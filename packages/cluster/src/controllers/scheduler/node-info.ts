import { parseQuantity, type Node, type Pod, type Taint } from "@seaworthy/kube";
import { hasEnded } from "../replica-set/pod-state.ts";

/** Amounts by resource name, in billionths of the resource's unit. */
export type Resources = ReadonlyMap<string, bigint>;

/** A node with the pods that are on it, and what they take of it. */
export interface NodeInfo {
  readonly node: Node;
  readonly pods: readonly Pod[];
  readonly allocatable: Resources;
  readonly requested: Resources;
}

/** Adds up what the pods of each node request. `assumed` has the nodes of pods whose binding the cache does not show yet. */
export function nodeInfos(
  nodes: readonly Node[],
  pods: readonly Pod[],
  assumed: ReadonlyMap<string, string>,
): NodeInfo[] {
  const byNode = new Map<string, Pod[]>(nodes.map(({ metadata }) => [metadata.name, []]));
  for (const pod of pods) {
    const nodeName = pod.spec.nodeName || assumed.get(pod.metadata.uid ?? "");
    if (nodeName !== undefined && !hasEnded(pod)) byNode.get(nodeName)?.push(pod);
  }
  return nodes.map((node) => {
    const own = byNode.get(node.metadata.name) ?? [];
    const allocatable = amounts(node.status?.allocatable ?? node.status?.capacity);
    return { node, pods: own, allocatable, requested: sum(own.map((pod) => requestsOf(pod))) };
  });
}

/**
 * What a pod requests: its containers together with its sidecars, or its largest init container when that is
 * more; plus its overhead (k8s.io/component-helpers/resource, PodRequests).
 */
export function requestsOf(pod: Pod): Resources {
  let running = sum(pod.spec.containers.map(({ resources }) => amounts(resources?.requests)));
  let peak: Resources = new Map();
  let sidecars: Resources = new Map();
  for (const { resources, restartPolicy } of pod.spec.initContainers ?? []) {
    const requests = amounts(resources?.requests);
    if (restartPolicy === "Always") sidecars = sum([sidecars, requests]);
    peak = largest(peak, restartPolicy === "Always" ? sidecars : sum([sidecars, requests]));
  }
  running = sum([running, sidecars]);
  return sum([largest(running, peak), amounts(pod.spec.overhead), onePod]);
}

/** Taints of a node, with the one that stands for a node which is not Ready. */
export function taintsOf(node: Node): Taint[] {
  const taints = node.spec?.taints ?? [];
  const ready = node.status?.conditions?.find(({ type }) => type === "Ready")?.status;
  const key = ready === "Unknown" ? "node.kubernetes.io/unreachable" : "node.kubernetes.io/not-ready";
  if (ready === "True" || taints.some((taint) => taint.key === key)) return taints;
  // In Kubernetes the node life cycle controller writes this taint on the node.
  return [...taints, { key, effect: "NoSchedule" }];
}

const onePod: Resources = new Map([["pods", 1_000_000_000n]]);

function amounts(quantities: Readonly<Record<string, string>> | undefined): Resources {
  return new Map(Object.entries(quantities ?? {}).map(([name, text]) => [name, parseQuantity(text)]));
}

function sum(all: readonly Resources[]): Resources {
  const total = new Map<string, bigint>();
  for (const one of all) for (const [name, amount] of one) total.set(name, (total.get(name) ?? 0n) + amount);
  return total;
}

function largest(left: Resources, right: Resources): Resources {
  const result = new Map(left);
  for (const [name, amount] of right) if (amount > (result.get(name) ?? 0n)) result.set(name, amount);
  return result;
}
