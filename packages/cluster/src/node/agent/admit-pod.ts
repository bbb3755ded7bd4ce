import {
  hostPorts,
  hostPortsClash,
  matchesNodeSelection,
  podRequests,
  qosClassOf,
  resourceAmounts,
  sumResources,
  taintsOf,
  timestamp,
  untoleratedTaint,
  type Node,
  type Pod,
  type PodStatus,
} from "@seaworthy/kube";
import { forbiddenSysctl } from "./forbidden-sysctl.ts";

/** Why a node does not take a pod that was bound to it. */
export interface Rejection {
  readonly reason: string;
  readonly message: string;
}

/**
 * Looks at a pod that is bound to a node, perhaps past the scheduler, and tells why the node cannot take it: the first reason in
 * the kubelet's order. `others` are the pods that the node has taken.
 * https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/kubelet/lifecycle/predicate.go
 */
export function rejectionOf(pod: Pod, node: Node, others: readonly Pod[]): Rejection | undefined {
  const forbidden = forbiddenSysctl(pod);
  if (forbidden !== undefined) return forbidden;
  const lacking = lackingResource(pod, node, others);
  if (lacking !== undefined) return lacking;
  if (!matchesNodeSelection(pod, node))
    return failed("NodeAffinity", "node(s) didn't match Pod's node affinity/selector");
  const wanted = hostPorts(pod);
  if (others.some((other) => hostPortsClash(wanted, hostPorts(other))))
    return failed("NodePorts", "node(s) didn't have free ports for the requested pod ports");
  const evicting = taintsOf(node).filter(({ effect }) => effect === "NoExecute");
  if (untoleratedTaint(pod, evicting) !== undefined)
    return failed("TaintToleration", "node(s) had taints that the pod didn't tolerate");
  return undefined;
}

/** The status of a pod that its node has not taken (pkg/kubelet/kubelet.go, rejectPod). */
export function rejectedStatus(pod: Pod, { reason, message }: Rejection, startTimeMs: number): PodStatus {
  const { generation } = pod.metadata;
  return {
    phase: "Failed",
    reason,
    message: `Pod was rejected: ${message}`,
    startTime: timestamp(startTimeMs),
    qosClass: pod.status?.qosClass ?? qosClassOf(pod),
    ...(generation === undefined ? {} : { observedGeneration: generation }),
  };
}

/** What a node lacks of what a pod requests, beside what others have been given. */
export function lackingResource(pod: Pod, node: Node, others: readonly Pod[]): Rejection | undefined {
  const requests = podRequests(pod);
  const allocatable = resourceAmounts(node.status?.allocatable ?? node.status?.capacity);
  const used = sumResources(others.map((other) => podRequests(other)));
  const names = [...requests.keys()].filter((name) => !ownNames.includes(name));
  for (const name of [...ownNames, ...names]) {
    const wanted = requests.get(name) ?? 0n;
    const taken = used.get(name) ?? 0n;
    const capacity = allocatable.get(name);
    // What a node has never heard of is the cluster's as a whole, and not the node's to refuse.
    if (wanted === 0n || (capacity === undefined && !ownNames.includes(name))) continue;
    if (wanted + taken <= (capacity ?? 0n)) continue;
    const [asked, spent, whole] = [wanted, taken, capacity ?? 0n].map((amount) => inUnits(name, amount));
    const message = `Node didn't have enough resource: ${name}, requested: ${asked}, used: ${spent}, capacity: ${whole}`;
    return { reason: `OutOf${name}`, message };
  }
  return undefined;
}

/** What every node has, in the order in which the kubelet looks. */
const ownNames: readonly string[] = ["pods", "cpu", "memory", "ephemeral-storage"];

/** Thousandths of a CPU, and whole units of all else, rounded up. */
function inUnits(name: string, amount: bigint): bigint {
  const unit = name === "cpu" ? 1_000_000n : 1_000_000_000n;
  return (amount + unit - 1n) / unit;
}

function failed(reason: string, why: string): Rejection {
  return { reason, message: `Predicate ${reason} failed: ${why}` };
}
