import type { Pod } from "@seaworthy/kube";
import { finishedAtMs } from "./job-pods.ts";

/** How often pods of a Job failed since the last one succeeded, and when the last one did. */
export interface Backoff {
  readonly failures: number;
  readonly lastFailureMs?: number;
}

/**
 * Takes in the pods that ended since: a success forgets the failures before it.
 * https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/controller/job/backoff_utils.go (newBackoffRecord)
 */
export function nextBackoff(before: Backoff, succeeded: readonly Pod[], failed: readonly Pod[]): Backoff {
  const failedAtMs = failed.map(finishedAtMs);
  if (succeeded.length === 0) {
    if (failed.length === 0) return before;
    return { failures: before.failures + failed.length, lastFailureMs: Math.max(...failedAtMs) };
  }
  const lastSuccessMs = Math.max(...succeeded.map(finishedAtMs));
  const since = failedAtMs.filter((ms) => ms > lastSuccessMs);
  return since.length === 0 ? noBackoff : { failures: since.length, lastFailureMs: Math.max(...since) };
}

/** A Job of which no pod has failed. */
export const noBackoff: Backoff = { failures: 0 };

/** How long the next pod has to wait: 10 s after one failure, twice as long after each further one, at most 10 minutes. */
export function remainingBackoffMs({ failures, lastFailureMs = 0 }: Backoff, nowMs: number): number {
  if (failures === 0) return 0;
  const delayMs = Math.min(firstDelayMs * 2 ** Math.min(failures - 1, 30), longestDelayMs);
  return Math.max(0, lastFailureMs + delayMs - nowMs);
}

/** DefaultJobPodFailureBackOff and MaxJobPodFailureBackOff. */
const firstDelayMs = 10_000;
const longestDelayMs = 600_000;
