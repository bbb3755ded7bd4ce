import { timestamp, type JobCondition, type JobStatus, type Pod } from "@seaworthy/kube";
import { countIndexes, formatIndexes, hasIndex } from "./index-ranges.ts";
import { completionIndexOf, isPodFailed } from "./job-pods.ts";
import type { JobView } from "./job-view.ts";
import type { JobVerdict } from "./judge-job.ts";
import { judgeFailure } from "./pod-failure-policy.ts";

/** Pods that are ready to be let go, and the status that has to be written before. */
export interface Tracking {
  readonly status: JobStatus;
  readonly pods: readonly Pod[];
  /** Whether there are more, which have to wait for the next time. */
  readonly isPartial: boolean;
}

/**
 * Takes pods that have ended into the status, by their uid, so that each is counted exactly once whatever fails in between.
 * https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/controller/job/job_controller.go (trackJobStatusAndRemoveFinalizers)
 */
export function trackPods(view: JobView, status: JobStatus, verdict: JobVerdict | undefined): Tracking {
  const { job, indexes } = view;
  const pods: Pod[] = [];
  const succeeded = [...(status.uncountedTerminatedPods?.succeeded ?? [])];
  const failed = [...(status.uncountedTerminatedPods?.failed ?? [])];
  let newIndexes = 0;
  let isPartial = false;
  for (const pod of view.uncounted) {
    if (!mayLetGo(view, pod, verdict)) continue;
    const uid = pod.metadata.uid ?? "";
    const index = completionIndexOf(job, pod);
    pods.push(pod);
    const isValid = indexes === undefined || index !== undefined;
    if (pod.status?.phase === "Succeeded" && !failed.includes(uid)) {
      if (indexes === undefined && !succeeded.includes(uid)) succeeded.push(uid);
      if (index !== undefined && indexes !== undefined && !hasIndex(indexes.known, index)) newIndexes += 1;
    } else if (isPodFailed(job, pod) || verdict?.succeeds === false) {
      if (isValid && !failed.includes(uid) && judgeFailure(job, pod).counts) failed.push(uid);
    }
    isPartial = newIndexes + succeeded.length + failed.length >= mostUncounted;
    if (isPartial) break;
  }
  const counted = { ...status, uncountedTerminatedPods: uncountedPods(succeeded, failed) };
  return { status: withIndexStatus(view, counted), pods, isPartial };
}

/** MaxUncountedPods: so many uids are still no large status. */
const mostUncounted = 500;

/** Counts the pods that are known by their uid and were let go. */
export function countReleased(status: JobStatus, isKept: (uid: string) => boolean): JobStatus {
  const { succeeded = [], failed = [] } = status.uncountedTerminatedPods ?? {};
  const gone = (uids: readonly string[]) => uids.filter((uid) => !isKept(uid)).length;
  return {
    ...status,
    ...counter("succeeded", (status.succeeded ?? 0) + gone(succeeded)),
    ...counter("failed", (status.failed ?? 0) + gone(failed)),
    uncountedTerminatedPods: uncountedPods(succeeded.filter(isKept), failed.filter(isKept)),
  };
}

type UncountedPods = NonNullable<JobStatus["uncountedTerminatedPods"]>;

/** A field of a status, which is not there when it is 0. */
export function counter<K extends "active" | "succeeded" | "failed">(
  field: K,
  count: number,
): { [F in K]?: number } {
  return count === 0 ? {} : ({ [field]: count } as { [F in K]: number });
}

/** The conditions with one more, or with one of its type changed; one that would only say no is not added. */
export function withJobCondition(
  status: JobStatus,
  condition: Pick<JobCondition, "type" | "status"> & { reason: string; message: string },
  nowMs: number,
): JobStatus {
  const conditions = status.conditions ?? [];
  const before = conditions.find(({ type }) => type === condition.type);
  const isSame =
    before === undefined
      ? condition.status === "False"
      : before.status === condition.status &&
        before.reason === condition.reason &&
        before.message === condition.message;
  if (isSame) return status;
  const now = timestamp(nowMs);
  const { type, ...rest } = condition;
  const next: JobCondition = { type, ...rest, lastProbeTime: now, lastTransitionTime: now };
  return {
    ...status,
    conditions:
      before === undefined
        ? [...conditions, next]
        : conditions.map((each) => (each === before ? next : each)),
  };
}

/** A pod may go when the Job ends with it, when it succeeded, or when it failed and none waits for what it knows. */
function mayLetGo({ job, indexes }: JobView, pod: Pod, verdict: JobVerdict | undefined): boolean {
  if (job.metadata.deletionTimestamp !== undefined || verdict !== undefined) return true;
  if (pod.status?.phase === "Succeeded") return true;
  if (!isPodFailed(job, pod)) return false;
  const index = completionIndexOf(job, pod);
  return index === undefined || indexes?.kept.get(index) !== pod;
}

function uncountedPods(succeeded: string[], failed: string[]): UncountedPods {
  return {
    ...(succeeded.length === 0 ? {} : { succeeded }),
    ...(failed.length === 0 ? {} : { failed }),
  };
}

function withIndexStatus({ indexes }: JobView, status: JobStatus): JobStatus {
  if (indexes === undefined) return status;
  const { completedIndexes: _completed, succeeded: _succeeded, ...others } = status;
  const ranges = indexes.succeeded;
  return {
    ...others,
    ...counter("succeeded", countIndexes(ranges)),
    ...(ranges.length === 0 ? {} : { completedIndexes: formatIndexes(ranges) }),
    ...(indexes.failed === undefined ? {} : { failedIndexes: formatIndexes(indexes.failed) }),
  };
}
