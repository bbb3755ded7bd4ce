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
