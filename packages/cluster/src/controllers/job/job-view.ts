import { isPodActive, isPodReady, type Job, type Pod } from "@seaworthy/kube";
import { countIndexes, hasIndex, parseIndexes, withIndexes, type IndexRanges } from "./index-ranges.ts";
import { allIndexFailures, indexFailures } from "./index-failures.ts";
import {
  completionIndexOf,
  finishedAtMs,
  isIndexed,
  isPodFailed,
  isPodTerminating,
  isTracked,
} from "./job-pods.ts";
import { judgeFailure } from "./pod-failure-policy.ts";

/** What a Job's pods and its status add up to. */
export interface JobView {
  readonly job: Job;
  readonly pods: readonly Pod[];
  /** Those of them that still have to be counted. */
  readonly uncounted: readonly Pod[];
  readonly active: readonly Pod[];
  readonly ready: number;
  readonly terminating: readonly Pod[];
  readonly newlySucceeded: readonly Pod[];
  readonly newlyFailed: readonly Pod[];
  readonly succeeded: number;
  readonly failed: number;
  /** Of an indexed Job. */
  readonly indexes?: JobIndexes;
}

/** What became of the indexes of a Job. */
export interface JobIndexes {
  /** Those that had succeeded as the status was written. */
  readonly known: IndexRanges;
  readonly succeeded: IndexRanges;
  /** Those that have failed for good, where each index has a limit of its own. */
  readonly failed?: IndexRanges;
  /** Pods that failed and are kept until another takes their place, because they know how often their index failed. */
  readonly kept: ReadonlyMap<number, Pod>;
}

/**
 * Looks at a Job and all of its pods. `isCounted` tells of pods that were counted just now, though the cache does not show it.
 * https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/controller/job/job_controller.go (syncJob, getNewFinishedPods)
 */
export function viewJob(job: Job, pods: readonly Pod[], isCounted: (pod: Pod) => boolean): JobView {
  const uncounted = pods.filter((pod) => isTracked(pod) && !isCounted(pod));
  const active = pods.filter(isPodActive);
  const told = job.status?.uncountedTerminatedPods ?? {};
  const valid = uncounted.filter((pod) => !isIndexed(job) || completionIndexOf(job, pod) !== undefined);
  const newOnes = (known: readonly string[] = [], matches: (pod: Pod) => boolean) =>
    valid.filter((pod) => !known.includes(pod.metadata.uid ?? "") && matches(pod));
  const newlySucceeded = newOnes(told.succeeded, ({ status }) => status?.phase === "Succeeded");
  const newlyFailed = newOnes(told.failed, (pod) => isPodFailed(job, pod));
  const indexes = isIndexed(job) ? viewIndexes(job, uncounted, active, pods) : undefined;
  const counted = newlyFailed.filter((pod) => judgeFailure(job, pod).counts);
  return {
    job,
    pods,
    uncounted,
    active,
    ready: active.filter(isPodReady).length,
    terminating: pods.filter(isPodTerminating),
    newlySucceeded,
    newlyFailed,
    succeeded:
      indexes === undefined
        ? (job.status?.succeeded ?? 0) + newlySucceeded.length + (told.succeeded ?? []).length
        : countIndexes(indexes.succeeded),
    failed: (job.status?.failed ?? 0) + counted.length + (told.failed ?? []).length,
    ...(indexes === undefined ? {} : { indexes }),
  };
}

/** The indexes that pods work on. */
export function indexesOf(job: Job, pods: readonly Pod[]): number[] {
  return pods.flatMap((pod) => completionIndexOf(job, pod) ?? []);
}

function viewIndexes(
  job: Job,
  uncounted: readonly Pod[],
  active: readonly Pod[],
  pods: readonly Pod[],
): JobIndexes {
  const { status = {}, spec } = job;
  const known = parseIndexes(status.completedIndexes ?? "", spec.completions ?? 0);
  const tracked = pods.filter(isTracked);
  const done = tracked.filter((pod) => pod.status?.phase === "Succeeded");
  const succeeded = withIndexes(known, indexesOf(job, done));
  const limit = spec.backoffLimitPerIndex;
  if (limit === undefined) return { known, succeeded, kept: new Map() };
  const lost = tracked.filter((pod) => isIndexFailed(job, pod, limit));
  const failed = withIndexes(
    parseIndexes(status.failedIndexes ?? "", spec.completions ?? 0),
    indexesOf(job, lost),
  );
  const settled = withIndexes(withIndexes(succeeded, failed), indexesOf(job, active));
  return { known, succeeded, failed, kept: keptPods(job, uncounted, settled) };
}

function isIndexFailed(job: Job, pod: Pod, limit: number): boolean {
  if (!isPodFailed(job, pod)) return false;
  const { counts, failsIndex } = judgeFailure(job, pod);
  return failsIndex === true || (counts && indexFailures(pod) >= limit);
}

/** Of each index that nobody works on, the pod that failed last. */
function keptPods(job: Job, uncounted: readonly Pod[], settled: IndexRanges): Map<number, Pod> {
  const kept = new Map<number, Pod>();
  for (const pod of uncounted) {
    const index = completionIndexOf(job, pod);
    if (index === undefined || hasIndex(settled, index) || !isPodFailed(job, pod)) continue;
    const other = kept.get(index);
    const isLater =
      other === undefined ||
      (allIndexFailures(other) <= allIndexFailures(pod) && finishedAtMs(other) <= finishedAtMs(pod));
    if (isLater) kept.set(index, pod);
  }
  return kept;
}
