import type { KubeClient } from "@seaworthy/client";
import {
  deepEqual,
  isPodReady,
  resourceTypes,
  timestamp,
  type Job,
  type JobStatus,
  type Pod,
} from "@seaworthy/kube";
import type { Clock } from "../../clock.ts";
import type { EventRecorder } from "../../event-recorder.ts";
import type { LastWritten } from "../pod-owners/last-written.ts";
import type { PodControl } from "../pod-owners/pod-control.ts";
import { nextBackoff, noBackoff, type Backoff } from "./job-backoff.ts";
import { countReleased, counter, trackPods, withJobCondition } from "./track-pods.ts";
import { viewJob, type JobView } from "./job-view.ts";
import { completed, deadlineInMs, isSuspended, judgeJob, type JobVerdict } from "./judge-job.ts";
import { makeJobPod } from "./make-job-pod.ts";
import { planJobPods } from "./plan-job-pods.ts";
import { releasePod } from "./release-pod.ts";

/** What a sync works with, and what it remembers from one to the next. */
export interface JobTools {
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly podControl: PodControl;
  readonly events: EventRecorder;
  readonly written: LastWritten;
  /** By the uid of the Job. */
  readonly backoffs: Map<string, Backoff>;
  /** The uids of pods that were let go, which the cache does not show yet. */
  readonly released: Set<string>;
}

/**
 * One step of a Job: it judges whether the Job ends, makes or deletes pods, counts those that ended, and writes all of it down.
 * `mayManage` says whether the cache shows all that was done before, `released` which pods had been let go when they were read.
 * Resolves to the time after which it must be looked at again.
 * https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/controller/job/job_controller.go (syncJob)
 */
export async function syncJob(
  tools: JobTools,
  job: Job,
  pods: readonly Pod[],
  { mayManage, released }: { readonly mayManage: boolean; readonly released: ReadonlySet<string> },
): Promise<number | undefined> {
  const view = viewJob(job, pods, (pod) => released.has(pod.metadata.uid ?? ""));
  const uid = job.metadata.uid ?? "";
  const before = tools.backoffs.get(uid) ?? noBackoff;
  const backoff = nextBackoff(before, view.newlySucceeded, view.newlyFailed);
  const step = new JobStep(tools, view, backoff);
  await step.run(mayManage);
  return step.lookAgainMs;
}

/** A Job in the middle of one step. */
class JobStep {
  readonly #tools: JobTools;
  readonly #view: JobView;
  readonly #backoff: Backoff;
  /** As it was written last. */
  #job: Job;
  #status: JobStatus;
  #active: number;
  #ready: number;
  #terminating: number;
  #error: unknown;
  lookAgainMs: number | undefined;

  constructor(tools: JobTools, view: JobView, backoff: Backoff) {
    this.#tools = tools;
    this.#view = view;
    this.#backoff = backoff;
    this.#job = view.job;
    const { uncountedTerminatedPods = {}, ...status } = view.job.status ?? {};
    this.#status = { ...status, uncountedTerminatedPods };
    this.#active = view.active.length;
    this.#ready = view.ready;
    this.#terminating = view.terminating.length;
  }

  async run(mayManage: boolean): Promise<void> {
    const nowMs = this.#tools.clock.now();
    if (this.#status.startTime === undefined && !isSuspended(this.#job))
      this.#status = { ...this.#status, startTime: timestamp(nowMs) };
    const started = { ...this.#job, status: this.#status };
    const verdict = judgeJob(this.#view, started, nowMs);
    if (verdict === undefined) this.#lookAgain(deadlineInMs(started, nowMs));
    const end =
      verdict === undefined ? await this.#goOn(mayManage, nowMs) : await this.#stop(verdict, mayManage);
    const { active: _active, ...others } = this.#status;
    this.#status = {
      ...others,
      ...counter("active", this.#active),
      ready: this.#ready,
      terminating: this.#terminating,
    };
    await this.#track(end);
    if (this.#error !== undefined) throw this.#error;
  }

  /** Deletes what still runs. The Job cannot end before all of it is known to go. */
  async #stop(verdict: JobVerdict, mayManage: boolean): Promise<JobVerdict | undefined> {
    const { active } = this.#view;
    const deleted = await this.#delete(active);
    return deleted === active.length && mayManage ? verdict : undefined;
  }

  async #goOn(mayManage: boolean, nowMs: number): Promise<JobVerdict | undefined> {
    const { job, succeeded } = this.#view;
    const manages = mayManage && job.metadata.deletionTimestamp === undefined;
    if (manages) await this.#manage(nowMs);
    // Without a number of completions, one success is enough, and the other pods may finish.
    if (succeeded >= (job.spec.completions ?? 1) && this.#active === 0) return completed;
    if (manages) this.#noteSuspension(nowMs);
    return undefined;
  }

  async #manage(nowMs: number): Promise<void> {
    const { job, indexes } = this.#view;
    const { client, events, podControl, released } = this.#tools;
    const plan = planJobPods(this.#view, this.#backoff, nowMs);
    this.#lookAgain(plan.afterMs);
    if (plan.remove.length > 0) {
      // They are not counted, whatever becomes of them, so that none may stay that was let go.
      const results = await Promise.allSettled(plan.remove.map((pod) => releasePod(client, released, pod)));
      await this.#delete(plan.remove.filter((_, index) => results[index]?.status === "fulfilled"));
      this.#error ??= firstFailure(results);
    } else if (plan.add.length > 0) {
      const pods = plan.add.map((index) =>
        makeJobPod(job, index, index === undefined ? undefined : indexes?.kept.get(index)),
      );
      const { created, error } = await podControl.create(job, pods, events);
      this.#active += created;
      this.#error = error;
    }
  }

  async #delete(pods: readonly Pod[]): Promise<number> {
    const { deleted, error } = await this.#tools.podControl.delete(this.#view.job, pods, this.#tools.events);
    this.#active -= deleted.length;
    this.#ready -= deleted.filter(isPodReady).length;
    this.#terminating += deleted.length;
    this.#error ??= error;
    return deleted.length;
  }

  #noteSuspension(nowMs: number): void {
    const suspended = isSuspended(this.#job);
    const condition = suspended
      ? { status: "True", reason: "JobSuspended", message: "Job suspended" }
      : { status: "False", reason: "JobResumed", message: "Job resumed" };
    const next = withJobCondition(this.#status, { type: "Suspended", ...condition }, nowMs);
    if (next === this.#status) return;
    const { startTime: _startTime, ...others } = next;
    this.#status = suspended ? others : { ...others, startTime: timestamp(nowMs) };
    const reason = suspended ? "Suspended" : "Resumed";
    this.#tools.events.event(this.#job, "Normal", reason, condition.message);
  }

  /** Writes down who ended, lets them go, and only then counts them; the end of the Job is written last of all. */
  async #track(verdict: JobVerdict | undefined): Promise<void> {
    const { client, clock, backoffs, released } = this.#tools;
    const kept = new Set(this.#view.uncounted.map(({ metadata }) => metadata.uid ?? ""));
    const isKept = (uid: string) => kept.has(uid);
    const tracking = trackPods(this.#view, countReleased(this.#status, isKept), verdict);
    this.#status = tracking.status;
    if (verdict !== undefined) {
      const type = verdict.succeeds ? "SuccessCriteriaMet" : "FailureTarget";
      const { reason, message } = verdict;
      this.#status = withJobCondition(this.#status, { type, status: "True", reason, message }, clock.now());
    }
    await this.#write();
    backoffs.set(this.#job.metadata.uid ?? "", this.#backoff);
    const results = await Promise.allSettled(
      tracking.pods.map(async (pod) => {
        await releasePod(client, released, pod);
        kept.delete(pod.metadata.uid ?? "");
      }),
    );
    this.#status = countReleased(this.#status, isKept);
    this.#error ??= firstFailure(results);
    const ends = this.#error === undefined && !tracking.isPartial && this.#mayEnd();
    if (verdict !== undefined && ends) await this.#end(verdict);
    else await this.#write();
  }

  #mayEnd(): boolean {
    const { succeeded = [], failed = [] } = this.#status.uncountedTerminatedPods ?? {};
    return succeeded.length + failed.length + this.#terminating === 0;
  }

  async #end({ succeeds, reason, message }: JobVerdict): Promise<void> {
    const { clock, events } = this.#tools;
    const type = succeeds ? "Complete" : "Failed";
    const nowMs = clock.now();
    this.#status = withJobCondition(this.#status, { type, status: "True", reason, message }, nowMs);
    if (succeeds) this.#status = { ...this.#status, completionTime: timestamp(nowMs) };
    await this.#write();
    if (!succeeds) return events.event(this.#job, "Warning", reason, message);
    if ((this.#status.succeeded ?? 0) > (this.#job.spec.completions ?? Infinity)) {
      const tooMany = "Too many succeeded pods running after completion count reached";
      events.event(this.#job, "Warning", "TooManySucceededPods", tooMany);
    }
    events.event(this.#job, "Normal", "Completed", "Job completed");
  }

  async #write(): Promise<void> {
    if (deepEqual(this.#status, this.#job.status ?? {})) return;
    const job = { ...this.#job, status: this.#status };
    this.#job = await this.#tools.client.update<Job>(resourceTypes.jobs, job, "status");
    this.#tools.written.wrote(this.#job);
  }

  #lookAgain(afterMs: number | undefined): void {
    if (afterMs === undefined) return;
    this.lookAgainMs = Math.min(afterMs, this.lookAgainMs ?? Infinity);
  }
}

function firstFailure(results: readonly PromiseSettledResult<unknown>[]): unknown {
  return results.find((result) => result.status === "rejected")?.reason;
}
