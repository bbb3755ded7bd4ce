import { timestamp, type PodCondition, type PodStatus } from "@seaworthy/kube";

/** Why a node ends a pod for good, though nobody deleted it. */
export interface PodEnding {
  readonly reason: "Evicted" | "DeadlineExceeded";
  readonly message: string;
}

/** A pod that takes more than it may (pkg/kubelet/eviction/eviction_manager.go, evictPod). */
export function eviction(message: string): PodEnding {
  return { reason: "Evicted", message };
}

/** A pod that has run for longer than its `activeDeadlineSeconds` (pkg/kubelet/active_deadline.go). */
export const deadlineExceeded: PodEnding = {
  reason: "DeadlineExceeded",
  message: "Pod was active on the node longer than the specified deadline",
};

/**
 * The status of a pod that its node ends. It has failed only when none of its containers runs any more
 * (pkg/kubelet/status/status_manager.go, mergePodStatus).
 */
export function endedStatus(
  status: PodStatus,
  { reason, message }: PodEnding,
  isRunning: boolean,
  nowMs: number,
): PodStatus {
  const target: PodCondition = {
    type: "DisruptionTarget",
    status: "True",
    reason: "TerminationByKubelet",
    message,
    lastTransitionTime: timestamp(nowMs),
  };
  const before = status.conditions ?? [];
  const isTold = reason !== "Evicted" || before.some(({ type }) => type === target.type);
  const conditions = isTold ? before : [...before, target];
  return isRunning ? { ...status, conditions } : { ...status, conditions, phase: "Failed", reason, message };
}
