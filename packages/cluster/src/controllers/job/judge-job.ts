import { parseTimestamp, type Job, type JobCondition } from "@seaworthy/kube";
import { countIndexes } from "./index-ranges.ts";
import { isPodFailed } from "./job-pods.ts";
import type { JobView } from "./job-view.ts";
import { judgeFailure } from "./pod-failure-policy.ts";
import { successByPolicy } from "./success-policy.ts";

/** How a Job ends. It is said at once, in a condition of its own, and again when all of its pods are gone. */
export interface JobVerdict {
  readonly succeeds: boolean;
  readonly reason: string;
  readonly message: string;
}

/**
 * Whether a Job is to end, and how; undefined when it goes on. What was said before holds, then come the reasons to fail.
 * https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/controller/job/job_controller.go (syncJob)
 */
export function judgeJob(view: JobView, job: Job, nowMs: number): JobVerdict | undefined {
  return (
    saidBefore(job, "SuccessCriteriaMet", true) ??
    saidBefore(job, "FailureTarget", false) ??
    failureByPolicy(view) ??
    failureByLimits(view, job, nowMs) ??
    failureOfIndexes(view) ??
    successOfIndexes(view)
  );
}

/** The verdict of a Job that has all of its completions. */
export const completed: JobVerdict = {
  succeeds: true,
  reason: "CompletionsReached",
  message: "Reached expected number of succeeded pods",
};

/** Whether a Job has ended, and with which condition. */
export function finishedCondition(job: Job): JobCondition | undefined {
  return job.status?.conditions?.find(
    ({ type, status }) => (type === "Complete" || type === "Failed") && status === "True",
  );
}

/** Whether no pods are to run for now. */
export function isSuspended({ spec }: Job): boolean {
  return spec.suspend === true;
}

/** After how long a Job that runs will have run for too long; undefined when that is not limited. */
export function deadlineInMs({ spec, status }: Job, nowMs: number): number | undefined {
  const startedMs = parseTimestamp(status?.startTime);
  if (spec.activeDeadlineSeconds === undefined || startedMs === undefined || spec.suspend === true)
    return undefined;
  return startedMs + spec.activeDeadlineSeconds * 1000 - nowMs;
}

function failure(reason: string, message: string): JobVerdict {
  return { succeeds: false, reason, message };
}

function saidBefore({ status }: Job, type: string, succeeds: boolean): JobVerdict | undefined {
  const said = status?.conditions?.find((each) => each.type === type && each.status === "True");
  return said && { succeeds, reason: said.reason ?? "", message: said.message ?? "" };
}

function failureByPolicy({ job, pods }: JobView): JobVerdict | undefined {
  for (const pod of pods) {
    const message = isPodFailed(job, pod) ? judgeFailure(job, pod).failsJob : undefined;
    if (message !== undefined) return failure("PodFailurePolicy", message);
  }
  return undefined;
}

function failureByLimits(view: JobView, job: Job, nowMs: number): JobVerdict | undefined {
  if (view.failed > backoffLimit(job) || restartsExceed(view))
    return failure("BackoffLimitExceeded", "Job has reached the specified backoff limit");
  if ((deadlineInMs(job, nowMs) ?? Infinity) <= 0)
    return failure("DeadlineExceeded", "Job was active longer than specified deadline");
  return undefined;
}

function backoffLimit({ spec }: Job): number {
  return spec.backoffLimit ?? 6;
}

/** Pods that restart their containers themselves never fail, so their restarts are counted instead. */
function restartsExceed({ job, pods }: JobView): boolean {
  if (job.spec.template.spec.restartPolicy !== "OnFailure") return false;
  const running = pods.filter(({ status }) => status?.phase === "Running" || status?.phase === "Pending");
  const restarts = running.flatMap(({ status }) =>
    [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])].map(
      ({ restartCount }) => restartCount,
    ),
  );
  const sum = restarts.reduce((total, count) => total + count, 0);
  return backoffLimit(job) === 0 ? sum > 0 : sum >= backoffLimit(job);
}

function failureOfIndexes({ job, indexes }: JobView): JobVerdict | undefined {
  if (indexes?.failed === undefined) return undefined;
  const failed = countIndexes(indexes.failed);
  const { maxFailedIndexes = Infinity, completions = 0 } = job.spec;
  if (failed > maxFailedIndexes)
    return failure(
      "MaxFailedIndexesExceeded",
      "Job has exceeded the specified maximal number of failed indexes",
    );
  if (failed > 0 && failed + countIndexes(indexes.succeeded) >= completions)
    return failure("FailedIndexes", "Job has failed indexes");
  return undefined;
}

function successOfIndexes({ job, indexes }: JobView): JobVerdict | undefined {
  const message = indexes && successByPolicy(job, indexes.succeeded);
  return message === undefined ? undefined : { succeeds: true, reason: "SuccessPolicy", message };
}
