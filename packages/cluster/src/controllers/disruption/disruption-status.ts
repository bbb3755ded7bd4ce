import {
  isPodReady,
  parseTimestamp,
  withCondition,
  withDisruptionAllowed,
  type Pod,
  type PodDisruptionBudget,
  type PodDisruptionBudgetStatus,
} from "@seaworthy/kube";
import type { ExpectedPods } from "./expected-pods.ts";

/** What a budget's status is to be, and what to do about it besides. */
export interface DisruptionVerdict {
  readonly status: PodDisruptionBudgetStatus;
  /** Pods whose eviction was granted, and which nobody deleted. */
  readonly notDeleted: readonly Pod[];
  /** When one more of them will be given up. */
  readonly afterMs: number | undefined;
}

/** How long a pod whose eviction was granted counts as going (DeletionTimeout). */
const deletionTimeoutMs = 120_000;

/**
 * Says how many disruptions a budget allows.
 * https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/controller/disruption/disruption.go (trySync)
 */
export function disruptionStatus(
  budget: PodDisruptionBudget,
  pods: readonly Pod[],
  { expected, desiredHealthy }: Pick<ExpectedPods, "expected" | "desiredHealthy">,
  nowMs: number,
): DisruptionVerdict {
  const { disruptedPods, notDeleted, afterMs } = stillDisrupted(budget, pods, nowMs);
  const healthy = pods.filter(
    (pod) =>
      pod.metadata.deletionTimestamp === undefined &&
      disruptedPods[pod.metadata.name] === undefined &&
      isPodReady(pod),
  );
  const left = healthy.length - desiredHealthy;
  const { generation } = budget.metadata;
  const status: PodDisruptionBudgetStatus = {
    currentHealthy: healthy.length,
    desiredHealthy,
    // A budget that has had no pods yet must not let the first ones go before it has counted them.
    disruptionsAllowed: expected > 0 && left > 0 ? left : 0,
    expectedPods: expected,
    ...(Object.keys(disruptedPods).length === 0 ? {} : { disruptedPods }),
    ...(generation === undefined ? {} : { observedGeneration: generation }),
    ...(budget.status?.conditions === undefined ? {} : { conditions: budget.status.conditions }),
  };
  return { status: withDisruptionAllowed(status, nowMs), notDeleted, afterMs };
}

/** The status of a budget that could not be counted: nothing is allowed. */
export function failedStatus(
  { status }: PodDisruptionBudget,
  error: unknown,
  nowMs: number,
): PodDisruptionBudgetStatus {
  const { observedGeneration } = status ?? {};
  const condition = {
    type: "DisruptionAllowed",
    status: "False",
    reason: "SyncFailed",
    message: error instanceof Error ? error.message : String(error),
    ...(observedGeneration === undefined ? {} : { observedGeneration }),
  };
  const conditions = withCondition(status?.conditions, condition, nowMs);
  return { ...status, disruptionsAllowed: 0, conditions };
}

/** buildDisruptedPodMap */
function stillDisrupted(budget: PodDisruptionBudget, pods: readonly Pod[], nowMs: number) {
  const disruptedPods: Record<string, string> = {};
  const notDeleted: Pod[] = [];
  let afterMs: number | undefined;
  for (const pod of pods) {
    const since = budget.status?.disruptedPods?.[pod.metadata.name];
    if (since === undefined || pod.metadata.deletionTimestamp !== undefined) continue;
    const leftMs = (parseTimestamp(since) ?? nowMs) + deletionTimeoutMs - nowMs;
    if (leftMs < 0) notDeleted.push(pod);
    else {
      disruptedPods[pod.metadata.name] = since;
      afterMs = Math.min(afterMs ?? leftMs, leftMs);
    }
  }
  return { disruptedPods, notDeleted, afterMs };
}
