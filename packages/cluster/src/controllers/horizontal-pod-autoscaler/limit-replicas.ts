import type { HorizontalPodAutoscaler, ScalingRules } from "./horizontal-pod-autoscaler.ts";

/** What is remembered of an autoscaler between two looks. */
export interface ScalingMemory {
  readonly recommendations: readonly Remembered[];
  /** Changes of the number of replicas: up is positive. */
  readonly changes: readonly Remembered[];
}

interface Remembered {
  readonly replicas: number;
  readonly atMs: number;
}

/** A number of replicas, and what to tell of how it came to be. */
export interface Limited {
  readonly replicas: number;
  readonly stabilized: Reason;
  readonly limited: Reason & { readonly status: "True" | "False" };
}

interface Reason {
  readonly reason: string;
  readonly message: string;
}

/**
 * Holds a proposal against what was proposed lately, the rules of `behavior`, and the bounds.
 * https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/controller/podautoscaler/horizontal.go
 * (normalizeDesiredReplicas, normalizeDesiredReplicasWithBehaviors)
 */
export function limitReplicas(
  { behavior, minReplicas = 1, maxReplicas }: HorizontalPodAutoscaler["spec"],
  memory: ScalingMemory,
  {
    current,
    proposed,
    nowMs,
  }: { readonly current: number; readonly proposed: number; readonly nowMs: number },
): Limited {
  const stable =
    behavior === undefined
      ? Math.max(proposed, ...within(memory.recommendations, defaultWindowSeconds, nowMs))
      : stabilize(behavior, memory, current, proposed, nowMs);
  const bounds: Bounds = { current, min: minReplicas, max: maxReplicas };
  const { replicas, ...told } =
    behavior === undefined
      ? byDefault(bounds, stable)
      : byRules(bounds, stable, (rules, sign) => speedLimit(rules, memory, current, sign, nowMs), behavior);
  const isUp = behavior !== undefined && proposed >= current;
  return {
    replicas,
    stabilized: stable === proposed ? readyForNewScale : isUp ? scaleUpStabilized : scaleDownStabilized,
    limited: { ...told, status: replicas === stable ? "False" : "True" },
  };
}

/** Kubernetes remembers as long as anything looks back; an hour is the longest that a manifest may ask for. */
export function remember(
  list: readonly Remembered[],
  replicas: number,
  nowMs: number,
): readonly Remembered[] {
  return [...list.filter(({ atMs }) => atMs > nowMs - longestMs), { replicas, atMs: nowMs }];
}

const longestMs = 3_600_000;
const defaultWindowSeconds = 300;

function within(list: readonly Remembered[], seconds: number, nowMs: number): number[] {
  return list.filter(({ atMs }) => atMs > nowMs - 1000 * seconds).map(({ replicas }) => replicas);
}

type Behavior = NonNullable<HorizontalPodAutoscaler["spec"]["behavior"]>;

function stabilize(
  { scaleUp, scaleDown }: Behavior,
  { recommendations }: ScalingMemory,
  current: number,
  proposed: number,
  nowMs: number,
): number {
  const upWindow = scaleUp.stabilizationWindowSeconds ?? 0;
  const downWindow = scaleDown.stabilizationWindowSeconds ?? defaultWindowSeconds;
  const least = Math.min(proposed, ...within(recommendations, upWindow, nowMs));
  const most = Math.max(proposed, ...within(recommendations, downWindow, nowMs));
  return Math.min(Math.max(current, least), most);
}

interface Bounds {
  readonly current: number;
  readonly min: number;
  readonly max: number;
}

type Bounded = { readonly replicas: number } & Reason;

function byDefault({ current, min, max }: Bounds, wanted: number): Bounded {
  const fastest = Math.max(2 * current, 4);
  if (wanted < min) return { replicas: min, ...tooFewReplicas };
  if (wanted <= Math.min(max, fastest)) return { replicas: wanted, ...withinRange };
  return max > fastest ? { replicas: fastest, ...scaleUpLimit } : { replicas: max, ...tooManyReplicas };
}

function byRules(
  { current, min, max }: Bounds,
  wanted: number,
  limitOf: (rules: ScalingRules, sign: 1 | -1) => number,
  { scaleUp, scaleDown }: Behavior,
): Bounded {
  if (wanted > current) {
    const fastest = Math.max(current, limitOf(scaleUp, 1));
    if (wanted > Math.min(max, fastest))
      return max > fastest ? { replicas: fastest, ...scaleUpLimit } : { replicas: max, ...tooManyReplicas };
  } else if (wanted < current) {
    const fastest = Math.min(current, limitOf(scaleDown, -1));
    if (wanted < Math.max(min, fastest))
      return min < fastest ? { replicas: fastest, ...scaleDownLimit } : { replicas: min, ...tooFewReplicas };
  }
  return { replicas: wanted, ...withinRange };
}

/** calculateScaleUpLimitWithScalingRules for the sign 1, calculateScaleDownLimitWithBehaviors for -1. */
function speedLimit(
  { selectPolicy, policies }: ScalingRules,
  { changes }: ScalingMemory,
  current: number,
  sign: 1 | -1,
  nowMs: number,
): number {
  if (selectPolicy === "Disabled") return current;
  const limits = policies.map(({ type, value, periodSeconds }) => {
    const start = current - within(changes, periodSeconds, nowMs).reduce((sum, each) => sum + each, 0);
    if (type === "Pods") return start + sign * value;
    const share = start * (1 + (sign * value) / 100);
    return sign === 1 ? Math.ceil(share) : Math.trunc(share);
  });
  // The smallest change is the lowest limit on the way up, and the highest one on the way down.
  return (selectPolicy === "Min") === (sign === 1) ? Math.min(...limits) : Math.max(...limits);
}

const readyForNewScale: Reason = {
  reason: "ReadyForNewScale",
  message: "recommended size matches current size",
};
const scaleUpStabilized: Reason = {
  reason: "ScaleUpStabilized",
  message: "recent recommendations were lower than current one, applying the lowest recent recommendation",
};
const scaleDownStabilized: Reason = {
  reason: "ScaleDownStabilized",
  message: "recent recommendations were higher than current one, applying the highest recent recommendation",
};
const withinRange: Reason = {
  reason: "DesiredWithinRange",
  message: "the desired count is within the acceptable range",
};
const tooFewReplicas: Reason = {
  reason: "TooFewReplicas",
  message: "the desired replica count is less than the minimum replica count",
};
const tooManyReplicas: Reason = {
  reason: "TooManyReplicas",
  message: "the desired replica count is more than the maximum replica count",
};
const scaleUpLimit: Reason = {
  reason: "ScaleUpLimit",
  message: "the desired replica count is increasing faster than the maximum scale rate",
};
const scaleDownLimit: Reason = {
  reason: "ScaleDownLimit",
  message: "the desired replica count is decreasing faster than the maximum scale rate",
};
