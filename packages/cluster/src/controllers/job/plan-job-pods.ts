import type { Job, Pod } from "@seaworthy/kube";
import { rankForDeletion } from "../pod-owners/deletion-rank.ts";
import { firstMissing, withIndexes } from "./index-ranges.ts";
import { indexBackoffMs } from "./index-failures.ts";
import { remainingBackoffMs, type Backoff } from "./job-backoff.ts";
import { completionIndexOf, isIndexed, replacesOnlyEnded } from "./job-pods.ts";
import { indexesOf, type JobView } from "./job-view.ts";
import { isSuspended } from "./judge-job.ts";

/** What is to be done about the number of a Job's pods: at most one of the three. */
export interface JobPodPlan {
  readonly remove: readonly Pod[];
  /** The index of each pod that is to be made; undefined where they have none. */
  readonly add: readonly (number | undefined)[];
  /** When to look again, because pods failed and the next ones have to wait. */
  readonly afterMs?: number;
}

/**
 * Says which pods of a Job that goes on are too many, or how many are missing.
 * https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/controller/job/job_controller.go (manageJob)
 */
export function planJobPods(view: JobView, backoff: Backoff, nowMs: number): JobPodPlan {
  const { job, active } = view;
  if (isSuspended(job)) return { remove: surplusPods(job, active, active.length, nowMs), add: [] };
  const wanted = wantedPods(view);
  const remove = surplusPods(job, active, Math.max(0, active.length - wanted), nowMs);
  if (remove.length > 0) return { remove: remove.slice(0, mostAtOnce), add: [] };
  const terminating = replacesOnlyEnded(job) ? view.terminating.length : 0;
  const missing = Math.min(wanted - terminating - active.length, mostAtOnce);
  if (missing <= 0) return { remove: [], add: [] };
  const afterMs = view.indexes?.failed === undefined ? remainingBackoffMs(backoff, nowMs) : 0;
  if (afterMs > 0) return { remove: [], add: [], afterMs };
  return isIndexed(job)
    ? planIndexes(view, missing, nowMs)
    : { remove: [], add: Array.from({ length: missing }, () => undefined) };
}

/** MaxPodCreateDeletePerSync. */
const mostAtOnce = 500;

/** Without a number of completions, no more pods come once one has succeeded, and the others may finish. */
function wantedPods({ job, active, succeeded }: JobView): number {
  const { completions, parallelism = 1 } = job.spec;
  if (completions === undefined) return succeeded > 0 ? active.length : parallelism;
  return Math.max(0, Math.min(completions - succeeded, parallelism));
}

function planIndexes(view: JobView, missing: number, nowMs: number): JobPodPlan {
  const { job, active, terminating, indexes } = view;
  const taken = [active, ...(replacesOnlyEnded(job) ? [terminating] : [])];
  const settled = withIndexes(
    withIndexes(indexes?.succeeded ?? [], indexes?.failed ?? []),
    taken.flatMap((pods) => indexesOf(job, pods)),
  );
  const pending = firstMissing(settled, missing, job.spec.completions ?? 0);
  const delays = pending.map((index) => indexBackoffMs(indexes?.kept.get(index), nowMs));
  const add = pending.filter((_, position) => delays[position] === 0);
  return add.length > 0 || pending.length === 0
    ? { remove: [], add }
    : { remove: [], add: [], afterMs: Math.min(...delays) };
}

/** Pods of an indexed Job that share an index, or have none, go first, then those that are worth least. */
function surplusPods(job: Job, active: readonly Pod[], atLeast: number, nowMs: number): Pod[] {
  const ranked = rankForDeletion(active, new Map(), nowMs);
  const surplus = isIndexed(job) ? repeatedPods(job, ranked) : [];
  const others = ranked.filter((pod) => !surplus.includes(pod));
  return [...surplus, ...others.slice(0, Math.max(0, atLeast - surplus.length))];
}

/** All but the last, and best, pod of each index. */
function repeatedPods(job: Job, ranked: readonly Pod[]): Pod[] {
  const best = new Map(ranked.map((pod) => [completionIndexOf(job, pod), pod]));
  return ranked.filter((pod) => {
    const index = completionIndexOf(job, pod);
    return index === undefined || best.get(index) !== pod;
  });
}
