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
  /** Those of the pods that have rules on whom they want to be near or away from. */
  readonly withAffinity: readonly Pod[];
  readonly allocatable: Resources;
  readonly requested: Resources;
  /** What the scores go by. */
  readonly load: {
    readonly allocatable: Load;
    readonly requested: Load;
    /** Where a container that requests nothing counts as well. */
    readonly nonZero: Load;
  };
}

/** CPU in thousandths and memory in bytes, the whole numbers that kube-scheduler counts in. */
export interface Load {
  readonly cpu: number;
  readonly memory: number;
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
    const before = latest.get(node);
    if (before !== undefined && isSame(before.pods, own)) return before;
    const info = nodeInfo(node, own);
    latest.set(node, info);
    return info;
  });
}

// From one pod to the next most nodes stay as they are.
const latest = new WeakMap<Node, NodeInfo>();

function isSame(left: readonly Pod[], right: readonly Pod[]): boolean {
  return left.length === right.length && left.every((pod, index) => pod === right[index]);
}

/** A node with exactly these pods. */
export function nodeInfo(node: Node, pods: readonly Pod[]): NodeInfo {
  const allocatable = resourceAmounts(node.status?.allocatable ?? node.status?.capacity);
  const demands = pods.map(demandOf);
  return {
    node,
    pods,
    withAffinity: pods.filter(({ spec: { affinity } }) => affinity?.podAffinity ?? affinity?.podAntiAffinity),
    allocatable,
    requested: sumResources(demands.map(({ requests }) => requests)),
    load: {
      allocatable: loadOf(allocatable),
      requested: sumLoads(demands.map(({ requested }) => requested)),
      nonZero: sumLoads(demands.map(({ nonZero }) => nonZero)),
    },
  };
}

/** What one pod takes of a node. */
export interface Demand {
  readonly requests: Resources;
  readonly requested: Load;
  readonly nonZero: Load;
}

// Objects of a cache never change, so that what was read out of one holds as long as it lives.
const demands = new WeakMap<Pod, Demand>();

/** What a pod takes of a node. */
export function demandOf(pod: Pod): Demand {
  const known = demands.get(pod);
  if (known !== undefined) return known;
  const requests = podRequests(pod);
  const demand = {
    requests,
    requested: loadOf(requests),
    nonZero: loadOf(podRequests(pod, defaultRequests)),
  };
  demands.set(pod, demand);
  return demand;
}

/** DefaultMilliCPURequest and DefaultMemoryRequest of k8s.io/kubernetes/pkg/scheduler/util/pod_resources.go. */
const defaultRequests: Resources = resourceAmounts({ cpu: "100m", memory: "200Mi" });

function loadOf(amounts: Resources): Load {
  const whole = (name: string, unit: bigint) => Number(((amounts.get(name) ?? 0n) + unit - 1n) / unit);
  return { cpu: whole("cpu", 1_000_000n), memory: whole("memory", 1_000_000_000n) };
}

function sumLoads(loads: readonly Load[]): Load {
  return loads.reduce((sum, { cpu, memory }) => ({ cpu: sum.cpu + cpu, memory: sum.memory + memory }), {
    cpu: 0,
    memory: 0,
  });
}
