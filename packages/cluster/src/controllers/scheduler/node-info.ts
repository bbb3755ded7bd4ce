import {
  resourceAmounts,
  podRequests,
  sumResources,
  type Node,
  type Pod,
  type Resources,
  hasPodEnded,
} from "@seaworthy/kube";

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
    if (nodeName !== undefined && !hasPodEnded(pod)) byNode.get(nodeName)?.push(pod);
  }
  return nodes.map((node) => {
    const own = byNode.get(node.metadata.name) ?? [];
    const allocatable = resourceAmounts(node.status?.allocatable ?? node.status?.capacity);
    return { node, pods: own, allocatable, requested: sumResources(own.map((pod) => podRequests(pod))) };
  });
}
