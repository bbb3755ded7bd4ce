import {
  resourceAmounts,
  podRequests,
  sumResources,
  type Node,
  type Pod,
  type Resources,
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
  /** What was found of it for the latest pods (per-node.ts). */
  readonly found: ({ readonly key: object; readonly found: unknown } | undefined)[];
}

/** CPU in thousandths and memory in bytes, the whole numbers that kube-scheduler counts in. */
export interface Load {
  readonly cpu: number;
  readonly memory: number;
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
    found: [],
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
