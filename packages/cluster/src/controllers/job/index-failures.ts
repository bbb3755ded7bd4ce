import type { Job, Pod } from "@seaworthy/kube";
import { remainingBackoffMs } from "./job-backoff.ts";
import { finishedAtMs } from "./job-pods.ts";
import { judgeFailure } from "./pod-failure-policy.ts";

const failureCountKey = "batch.kubernetes.io/job-index-failure-count";
const ignoredCountKey = "batch.kubernetes.io/job-index-ignored-failure-count";

/** How many pods of the same index had failed before this one, as it is written on it. */
export function indexFailures(pod: Pod): number {
  return countAt(pod, failureCountKey);
}

/** The same, with the failures that the Job's policy ignores. */
export function allIndexFailures(pod: Pod): number {
  return indexFailures(pod) + countAt(pod, ignoredCountKey);
}

/** What is written on the pod that takes the place of a failed one, or on the first pod of an index. */
export function failureAnnotations(job: Job, replaced: Pod | undefined): Record<string, string> {
  if (replaced === undefined) return { [failureCountKey]: "0" };
  const { counts } = judgeFailure(job, replaced);
  const failures = indexFailures(replaced) + (counts ? 1 : 0);
  const ignored = countAt(replaced, ignoredCountKey) + (counts ? 0 : 1);
  return {
    [failureCountKey]: String(failures),
    ...(ignored === 0 ? {} : { [ignoredCountKey]: String(ignored) }),
  };
}

/** How long the pod after this failed one has to wait; each index counts by itself. */
export function indexBackoffMs(failed: Pod | undefined, nowMs: number): number {
  if (failed === undefined) return 0;
  const backoff = { failures: allIndexFailures(failed) + 1, lastFailureMs: finishedAtMs(failed) };
  return remainingBackoffMs(backoff, nowMs);
}

function countAt({ metadata }: Pod, key: string): number {
  const text = metadata.annotations?.[key] ?? "";
  return /^\d{1,9}$/.test(text) ? Number(text) : 0;
}
