import {
  matchesNodeSelection,
  matchesTerm,
  podRequests,
  taintsOf,
  untoleratedTaint,
  type Pod,
} from "@seaworthy/kube";
import { controllerOf } from "../pod-owners/claim-objects.ts";
import type { NodeInfo } from "./node-info.ts";
import { affinityProblem, preferredAffinityScore } from "./pod-affinity.ts";
import { spreadProblem, spreadWishCount } from "./topology-spread.ts";

/** The node for a pod, or why there is none. */
export type Choice = { readonly nodeName: string } | { readonly message: string };

/** Chooses among the nodes that suit a pod the one that suits it best; equals are decided by name. */
export function chooseNode(pod: Pod, cluster: readonly NodeInfo[]): Choice {
  if (cluster.length === 0) return { message: "no nodes available to schedule pods" };
  const verdicts = cluster.map((info) => ({ info, problems: nodeProblems(pod, info, cluster) }));
  const feasible = verdicts.filter(({ problems }) => problems.length === 0).map(({ info }) => info);
  if (feasible.length === 0) return { message: describeProblems(verdicts.map(({ problems }) => problems)) };
  const scored = scoreNodes(pod, feasible, cluster);
  scored.sort((left, right) => right.score - left.score || (left.name < right.name ? -1 : 1));
  return { nodeName: scored[0]?.name ?? "" };
}

/** One reason why a node does not suit a pod. `fatal`: taking pods away would not help. */
export interface NodeProblem {
  readonly reason: string;
  readonly fatal: boolean;
}

/** Why a node does not suit a pod, in Kubernetes' words; the first filter that says no has the word. */
export function nodeProblems(pod: Pod, info: NodeInfo, cluster: readonly NodeInfo[]): NodeProblem[] {
  const taint = untoleratedTaint(pod, taintsOf(info.node));
  const unschedulable = info.node.spec?.unschedulable === true && !toleratesUnschedulable(pod);
  if (unschedulable) return [{ reason: "node(s) were unschedulable", fatal: true }];
  if (taint !== undefined) {
    const text = `{${taint.key}: ${taint.value ?? ""}}`;
    return [{ reason: `node(s) had untolerated taint ${text}`, fatal: true }];
  }
  if (!matchesNodeSelection(pod, info.node)) {
    return [{ reason: "node(s) didn't match Pod's node affinity/selector", fatal: true }];
  }
  if (hostPortTaken(pod, info)) {
    return [{ reason: "node(s) didn't have free ports for the requested pod ports", fatal: false }];
  }
  const lacking = lackingResources(pod, info);
  if (lacking.length > 0) return lacking;
  const spread = spreadProblem(pod, info, cluster);
  if (spread !== undefined) return [{ reason: spread, fatal: spread.includes("missing required label") }];
  const affinity = affinityProblem(pod, info, cluster);
  return affinity === undefined ? [] : [{ reason: affinity, fatal: affinity.includes("match pod affinity") }];
}

/** `0/3 nodes are available: 3 Insufficient cpu. preemption: …` (k8s.io/kubernetes/pkg/scheduler/framework, FitError). */
export function describeProblems(problems: readonly (readonly NodeProblem[])[]): string {
  const available = `0/${problems.length} nodes are available:`;
  const reasons = countReasons(problems.flat().map(({ reason }) => reason));
  const preemption = countReasons(
    problems.map((own) =>
      own.some(({ fatal }) => fatal)
        ? "Preemption is not helpful for scheduling"
        : "No preemption victims found for incoming pod",
    ),
  );
  return `${available} ${reasons}. preemption: ${available} ${preemption}.`;
}

function countReasons(reasons: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  return [...counts]
    .map(([reason, count]) => `${count} ${reason}`)
    .toSorted()
    .join(", ");
}

/** Cordoning a node also taints it, and who tolerates that taint may still come. */
function toleratesUnschedulable(pod: Pod): boolean {
  const taint = { key: "node.kubernetes.io/unschedulable", effect: "NoSchedule" };
  return untoleratedTaint(pod, [taint]) === undefined;
}

function lackingResources(pod: Pod, { allocatable, requested }: NodeInfo): NodeProblem[] {
  return [...podRequests(pod)].flatMap(([name, amount]) => {
    const total = allocatable.get(name) ?? (name === "pods" ? defaultPods : 0n);
    const free = total - (requested.get(name) ?? 0n);
    if (amount === 0n || amount <= free) return [];
    const reason = name === "pods" ? "Too many pods" : `Insufficient ${name}`;
    return [{ reason, fatal: amount > total }];
  });
}

const defaultPods = 110_000_000_000n;

function hostPortTaken(pod: Pod, { pods }: NodeInfo): boolean {
  const wanted = hostPorts(pod);
  return wanted.length > 0 && pods.some((other) => hostPorts(other).some((port) => wanted.includes(port)));
}

function hostPorts(pod: Pod): string[] {
  return pod.spec.containers.flatMap(({ ports = [] }) =>
    ports.flatMap(({ hostPort, protocol = "TCP" }) =>
      hostPort === undefined ? [] : `${protocol}/${hostPort}`,
    ),
  );
}

/**
 * Each score is brought to 0–100 over the feasible nodes and weighed as in the default profile of
 * kube-scheduler (NodeResourcesFit 1, PodTopologySpread 2, InterPodAffinity 2, NodeAffinity 2).
 */
function scoreNodes(pod: Pod, feasible: readonly NodeInfo[], cluster: readonly NodeInfo[]) {
  const weighed: readonly (readonly [number, number[]])[] = [
    [1, feasible.map((info) => freeShare(pod, info))],
    [2, normalized(feasible.map((info) => -spreadWishCount(pod, info, cluster) - siblings(pod, info)))],
    [2, normalized(feasible.map((info) => preferredAffinityScore(pod, info, cluster)))],
    [2, normalized(feasible.map((info) => preferredNodeScore(pod, info)))],
  ];
  return feasible.map(({ node }, index) => ({
    name: node.metadata.name,
    score: weighed.reduce((sum, [weight, scores]) => sum + weight * (scores[index] ?? 0), 0),
  }));
}

/** LeastAllocated: how much of cpu and memory would stay free, 0–100. */
function freeShare(pod: Pod, { allocatable, requested }: NodeInfo): number {
  const own = podRequests(pod);
  const shares = ["cpu", "memory"].map((name) => {
    const total = Number(allocatable.get(name) ?? 0n);
    const taken = Number((requested.get(name) ?? 0n) + (own.get(name) ?? 0n));
    return total === 0 ? 0 : (Math.max(0, total - taken) / total) * 100;
  });
  return shares.reduce((sum, share) => sum + share, 0) / shares.length;
}

/** The system default constraints spread the pods of one owner over the nodes. */
function siblings(pod: Pod, { pods }: NodeInfo): number {
  const owner = controllerOf(pod)?.uid;
  if (owner === undefined) return 0;
  return pods.filter((other) => controllerOf(other)?.uid === owner).length;
}

function preferredNodeScore(pod: Pod, { node }: NodeInfo): number {
  const preferred = pod.spec.affinity?.nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? [];
  return preferred.reduce(
    (sum, { weight, preference }) => sum + (matchesTerm(preference, node) ? weight : 0),
    0,
  );
}

function normalized(scores: readonly number[]): number[] {
  const [low, high] = [Math.min(...scores), Math.max(...scores)];
  return scores.map((score) => (high === low ? 0 : ((score - low) / (high - low)) * 100));
}
