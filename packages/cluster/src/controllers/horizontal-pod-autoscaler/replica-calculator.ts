import type { Pod } from "@seaworthy/kube";
import { groupPods, type PodMetric } from "./group-pods.ts";

/** How far from 1 the ratio of use to target may be before anything changes. */
export interface Tolerances {
  readonly scaleDown: number;
  readonly scaleUp: number;
}

/** What pods use, against what they should. Values are in thousandths. */
export interface Usage {
  readonly ratio: number;
  readonly average: number;
  /** The percentage of what is requested, where the target is one. */
  readonly utilization?: number;
}

/** How use is held against the target. */
export interface Target {
  measure(values: ReadonlyMap<string, number>): Usage;
  /** What a pod of which nothing is known is taken to use, when the others use too little. */
  assumed(pod: string): number;
}

/**
 * Proposes a number of replicas. What is not known is assumed such that it changes least: pods without metrics, and those not yet
 * ready, dampen the change and never turn its direction.
 * https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/controller/podautoscaler/replica_calculator.go
 * (GetResourceReplicas, calcPlainMetricReplicas)
 */
export function proposeReplicas(
  { current, pods, metrics, resource, tolerances, nowMs }: Omit<Situation, "running">,
  targetOf: (pods: readonly Pod[]) => Target,
): { readonly replicas: number; readonly usage: Usage } {
  if (pods.length === 0) throw new Error("no pods returned by selector while calculating replica count");
  const { ready, unready, missing, ignored } = groupPods(pods, metrics, resource, nowMs);
  const values = new Map([...metrics].map(([name, { value }]) => [name, value]));
  for (const name of [...ignored, ...unready]) values.delete(name);
  if (values.size === 0) throw new Error("did not receive metrics for targeted pods (pods might be unready)");
  const target = targetOf(pods);
  const usage = target.measure(values);
  const { ratio } = usage;
  const growsWithUnready = unready.length > 0 && ratio > 1;
  if (!growsWithUnready && missing.length === 0) {
    const replicas = isWithin(tolerances, ratio) ? current : Math.ceil(ratio * ready);
    return { replicas, usage };
  }
  if (ratio !== 1) for (const name of missing) values.set(name, ratio < 1 ? target.assumed(name) : 0);
  if (growsWithUnready) for (const name of unready) values.set(name, 0);
  const damped = target.measure(values).ratio;
  const replicas = Math.ceil(damped * values.size);
  const turns = (ratio < 1 && damped > 1) || (ratio > 1 && damped < 1);
  const contradicts = (damped < 1 && replicas > current) || (damped > 1 && replicas < current);
  const keeps = isWithin(tolerances, damped) || turns || contradicts;
  return { replicas: keeps ? current : replicas, usage };
}

/** A target that all replicas share: their number follows the ratio, as far as they are ready (getUsageRatioReplicaCount). */
export function proposeByRatio(
  { current, pods, tolerances }: Pick<Situation, "current" | "pods" | "tolerances">,
  ratio: number,
): number {
  if (isWithin(tolerances, ratio)) return current;
  if (pods.length === 0)
    throw new Error(
      "unable to calculate ready pods: no pods returned by selector while calculating replica count",
    );
  const ready = pods.filter(({ status }) => status?.phase === "Running" && isReady(status));
  return Math.min(Math.ceil(ratio * ready.length), mostReplicas);
}

/** A target for each replica, of a value that they share (GetObjectPerPodMetricReplicas, GetExternalPerPodMetricReplicas). */
export function proposeByTotal(
  { running, tolerances }: Pick<Situation, "running" | "tolerances">,
  total: number,
  target: number,
): { readonly replicas: number; readonly average: number } {
  const isKept = isWithin(tolerances, total / (target * running));
  const replicas = isKept ? running : Math.min(Math.ceil(total / target), mostReplicas);
  return { replicas, average: Math.ceil(total / Math.max(1, running)) };
}

const mostReplicas = 2 ** 31 - 1;

function isReady({ conditions }: NonNullable<Pod["status"]>): boolean {
  return (conditions ?? []).some(({ type, status }) => type === "Ready" && status === "True");
}

/** What is known when replicas are proposed. */
export interface Situation {
  readonly current: number;
  /** How many there are, as the target's status has it. */
  readonly running: number;
  readonly pods: readonly Pod[];
  readonly metrics: ReadonlyMap<string, PodMetric>;
  readonly resource: string;
  readonly tolerances: Tolerances;
  readonly nowMs: number;
}

/** A target in percent of what pods request. */
export function utilizationTarget(requests: ReadonlyMap<string, number>, percent: number): Target {
  return {
    measure(values) {
      const known = [...values].filter(([name]) => requests.has(name));
      const used = known.reduce((sum, [, value]) => sum + value, 0);
      const requested = known.reduce((sum, [name]) => sum + (requests.get(name) ?? 0), 0);
      if (requested === 0) throw new Error("no metrics returned matched known pods");
      const utilization = Math.trunc((used * 100) / requested);
      return { ratio: utilization / percent, utilization, average: Math.trunc(used / known.length) };
    },
    assumed: (pod) => Math.trunc(((requests.get(pod) ?? 0) * Math.max(100, percent)) / 100),
  };
}

/** A target in what each pod uses. */
export function averageTarget(value: number): Target {
  return {
    measure(values) {
      const used = [...values.values()].reduce((sum, each) => sum + each, 0);
      const average = Math.trunc(used / values.size);
      return { ratio: average / value, average };
    },
    assumed: () => value,
  };
}

function isWithin({ scaleDown, scaleUp }: Tolerances, ratio: number): boolean {
  return 1 - scaleDown <= ratio && ratio <= 1 + scaleUp;
}
