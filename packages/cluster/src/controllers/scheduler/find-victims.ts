import { matchesLabelSelector, type Pod, type PodDisruptionBudget } from "@seaworthy/kube";
import { nodeFilters, type Refusal } from "./choose-node.ts";
import { describeNoVictims } from "./describe-refusal.ts";
import { nodeInfo, type NodeInfo } from "./node-info.ts";
import { problemsOf } from "./plugin.ts";
import type { Snapshot } from "./snapshot.ts";

/** Who has to go from which node so that a more important pod fits there. */
export interface Victims {
  readonly nodeName: string;
  /** The most important one first. */
  readonly pods: readonly Pod[];
  /** How many of them a PodDisruptionBudget would keep. */
  readonly violations: number;
}

/**
 * Finds the node on which the least harm is done by taking pods away for one that fits nowhere; a text says why there is none.
 * https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/scheduler/framework/plugins/defaultpreemption/default_preemption.go
 */
export function findVictims(
  pod: Pod,
  snapshot: Snapshot,
  { ofNodes }: Refusal,
  budgets: readonly PodDisruptionBudget[],
): Victims | string {
  if (pod.spec.preemptionPolicy === "Never") return "not eligible due to preemptionPolicy=Never.";
  if (waitsForVictims(pod, snapshot, ofNodes))
    return "not eligible due to a terminating pod on the nominated node.";
  const candidates: Victims[] = [];
  const reasons = snapshot.nodes.flatMap((info, index) => {
    if (ofNodes[index]?.some(({ fatal }) => fatal) === true) return [notHelpful];
    const found = victimsOn(info, pod, snapshot, budgets);
    if (Array.isArray(found)) return found;
    candidates.push(found);
    return [];
  });
  return candidates.toSorted(compareHarm)[0] ?? describeNoVictims(reasons);
}

/** How important a pod is to the scheduler. */
export function priorityOf({ spec }: Pod): number {
  return spec.priority ?? 0;
}

/** Orders pods by their importance: those of a higher priority first, then those that run longer (MoreImportantPod). */
export function compareImportance(left: Pod, right: Pod): number {
  return priorityOf(right) - priorityOf(left) || startOf(left) - startOf(right);
}

const notHelpful = "Preemption is not helpful for scheduling";

/** Who was promised a node waits for those that go from there for its sake, and takes no others away. */
function waitsForVictims(pod: Pod, { nodes }: Snapshot, ofNodes: Refusal["ofNodes"]): boolean {
  const index = nodes.findIndex(({ node }) => node.metadata.name === pod.status?.nominatedNodeName);
  if (index < 0 || ofNodes[index]?.some(({ fatal }) => fatal) === true) return false;
  return (nodes[index]?.pods ?? []).some(
    (other) =>
      priorityOf(other) < priorityOf(pod) &&
      other.metadata.deletionTimestamp !== undefined &&
      other.status?.conditions?.some(({ reason }) => reason === "PreemptionByScheduler") === true,
  );
}

/** Takes all less important pods away, and gives back as many as fit beside the pod, the most important ones first. */
function victimsOn(
  info: NodeInfo,
  pod: Pod,
  snapshot: Snapshot,
  budgets: readonly PodDisruptionBudget[],
): Victims | string[] {
  const lesser = info.pods.filter((other) => priorityOf(other) < priorityOf(pod)).toSorted(compareImportance);
  if (lesser.length === 0) return ["No preemption victims found for incoming pod"];
  let staying = info.pods.filter((other) => !lesser.includes(other));
  const problems = problemsWith(staying, info, pod, snapshot);
  if (problems.length > 0) return problems;
  const { violating, others } = splitByBudgets(lesser, budgets);
  const victims: Pod[] = [];
  let violations = 0;
  for (const candidate of [...violating, ...others]) {
    if (problemsWith([...staying, candidate], info, pod, snapshot).length === 0) {
      staying = [...staying, candidate];
      continue;
    }
    victims.push(candidate);
    if (violating.includes(candidate)) violations += 1;
  }
  return { nodeName: info.node.metadata.name, pods: victims.toSorted(compareImportance), violations };
}

function problemsWith(pods: readonly Pod[], info: NodeInfo, pod: Pod, snapshot: Snapshot): string[] {
  const altered = nodeInfo(info.node, pods);
  const nodes = snapshot.nodes.map((other) => (other === info ? altered : other));
  const filters = nodeFilters(pod, { ...snapshot, nodes });
  return typeof filters === "string" ? [filters] : problemsOf(altered, filters).map(({ reason }) => reason);
}

function splitByBudgets(pods: readonly Pod[], budgets: readonly PodDisruptionBudget[]) {
  const left = new Map(budgets.map((budget) => [budget, budget.status?.disruptionsAllowed ?? 0]));
  const violating: Pod[] = [];
  const others: Pod[] = [];
  for (const pod of pods) {
    let isViolated = false;
    for (const budget of budgets) {
      if (!covers(budget, pod)) continue;
      const allowed = (left.get(budget) ?? 0) - 1;
      left.set(budget, allowed);
      if (allowed < 0) isViolated = true;
    }
    (isViolated ? violating : others).push(pod);
  }
  return { violating, others };
}

/** An empty selector covers nobody, and who is being disrupted already counts no more. */
function covers({ metadata, spec, status }: PodDisruptionBudget, pod: Pod): boolean {
  const { matchLabels = {}, matchExpressions = [] } = spec.selector ?? {};
  if (Object.keys(matchLabels).length + matchExpressions.length === 0) return false;
  return (
    metadata.namespace === pod.metadata.namespace &&
    matchesLabelSelector(spec.selector, pod.metadata.labels) &&
    status?.disruptedPods?.[pod.metadata.name] === undefined
  );
}

/**
 * Fewest budgets violated, then the least important first victim, then the least importance in all, then the fewest victims,
 * then those that began last (OrderedScoreFuncs of framework/preemption/preemption.go).
 */
function compareHarm(left: Victims, right: Victims): number {
  const highest = ({ pods: [first] }: Victims) => (first === undefined ? -Infinity : priorityOf(first));
  // Every victim weighs something, also where priorities are negative.
  const sum = ({ pods }: Victims) => pods.reduce((total, pod) => total + priorityOf(pod) + 2 ** 31, 0);
  const earliest = ({ pods }: Victims) =>
    Math.min(...pods.filter((pod) => priorityOf(pod) === highest({ pods } as Victims)).map(startOf));
  return (
    left.violations - right.violations ||
    highest(left) - highest(right) ||
    sum(left) - sum(right) ||
    left.pods.length - right.pods.length ||
    earliest(right) - earliest(left)
  );
}

/** One that has not begun counts as beginning now, after all others. */
function startOf({ status }: Pod): number {
  return status?.startTime === undefined ? Number.MAX_SAFE_INTEGER : Date.parse(status.startTime);
}
