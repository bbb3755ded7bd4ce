import { isAlreadyExists, type KubeClient } from "@seaworthy/client";
import {
  parseCronSchedule,
  parseTimestamp,
  resourceTypes,
  timestamp,
  type CronJob,
  type CronJobStatus,
  type CronSchedule,
  type Job,
  type ObjectReference,
} from "@seaworthy/kube";
import type { Clock } from "../../clock.ts";
import type { EventRecorder } from "../../event-recorder.ts";
import { finishedCondition } from "../job/judge-job.ts";
import { controllerOf } from "../pod-owners/claim-objects.ts";
import { messageOf } from "../pod-owners/pod-control.ts";
import { unlessNotFound } from "../reconciler/unless-not-found.ts";
import { jobNameAt, makeJob } from "./make-job.ts";
import { missedTimes, neverDue, nextDueInMs } from "./missed-times.ts";

/** What a sync works with. */
export interface CronJobTools {
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly events: EventRecorder;
}

/** What a sync makes of a CronJob. */
export interface CronJobStep {
  readonly status: CronJobStatus;
  /** In how long it is due again. */
  readonly afterMs?: number | undefined;
  /** What went wrong; the status is to be written nevertheless. */
  readonly error?: unknown;
}

/**
 * One step of a CronJob: it forgets Jobs that have ended, deletes the oldest of them, and starts the one that is due.
 * https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/controller/cronjob/cronjob_controllerv2.go (sync, syncCronJob)
 */
export async function syncCronJob(
  tools: CronJobTools,
  cronJob: CronJob,
  jobs: readonly Job[],
): Promise<CronJobStep> {
  const step = new Step(tools, cronJob);
  try {
    await step.cleanUp(jobs);
    await step.followJobs(jobs);
    const afterMs = await step.startDue();
    return { status: step.status(), afterMs };
  } catch (error) {
    return { status: step.status(), error };
  }
}

/** Since when a CronJob waits for its next time: since the last one, or since it is there. */
export function waitsSinceMs({ metadata, status }: CronJob): number {
  return parseTimestamp(status?.lastScheduleTime ?? metadata.creationTimestamp) ?? 0;
}

class Step {
  readonly #tools: CronJobTools;
  readonly #cronJob: CronJob;
  #active: ObjectReference[];
  #status: Omit<CronJobStatus, "active">;

  constructor(tools: CronJobTools, cronJob: CronJob) {
    this.#tools = tools;
    this.#cronJob = cronJob;
    const { active = [], ...status } = cronJob.status ?? {};
    this.#active = active;
    this.#status = status;
  }

  status(): CronJobStatus {
    return this.#active.length === 0 ? this.#status : { active: this.#active, ...this.#status };
  }

  /** Keeps of the Jobs that ended well, and of those that failed, the youngest. */
  async cleanUp(jobs: readonly Job[]): Promise<void> {
    const { successfulJobsHistoryLimit, failedJobsHistoryLimit } = this.#cronJob.spec;
    const ended = (type: string) => jobs.filter((job) => finishedCondition(job)?.type === type);
    await this.#deleteOldest(ended("Complete"), successfulJobsHistoryLimit);
    await this.#deleteOldest(ended("Failed"), failedJobsHistoryLimit);
  }

  async #deleteOldest(jobs: readonly Job[], limit = Infinity): Promise<void> {
    const startedMs = ({ status }: Job) => parseTimestamp(status?.startTime) ?? Infinity;
    const byStart = jobs.toSorted(
      (a, b) => startedMs(a) - startedMs(b) || (a.metadata.name < b.metadata.name ? -1 : 1),
    );
    for (const job of byStart.slice(0, Math.max(0, jobs.length - limit))) await this.#delete(job);
  }

  async #delete(job: Job): Promise<boolean> {
    const { namespace, name, uid } = job.metadata;
    try {
      await this.#tools.client.delete(resourceTypes.jobs, namespace, name, {
        propagationPolicy: "Background",
      });
    } catch (error) {
      this.#tell("Warning", "FailedDelete", `Deleted job: ${messageOf(error)}`);
      return false;
    }
    this.#forget(uid);
    this.#tell("Normal", "SuccessfulDelete", `Deleted job ${name}`);
    return true;
  }

  async followJobs(jobs: readonly Job[]): Promise<void> {
    for (const job of jobs) await this.#followJob(job);
    const known = new Set(jobs.map(({ metadata }) => metadata.uid));
    for (const { uid, namespace, name = "" } of this.#active) {
      if (known.has(uid)) continue;
      const found = await this.#tools.client.get(resourceTypes.jobs, namespace, name).catch(unlessNotFound);
      if (found !== undefined) continue;
      this.#tell("Normal", "MissingJob", `Active job went missing: ${name}`);
      this.#forget(uid);
    }
  }

  async #followJob(job: Job): Promise<void> {
    const { uid, name } = job.metadata;
    const isActive = this.#active.some((each) => each.uid === uid);
    const end = finishedCondition(job);
    if (end === undefined) {
      if (!isActive && !(await this.#isActiveNow(job)))
        this.#tell(
          "Warning",
          "UnexpectedJob",
          `Saw a job that the controller did not create or forgot: ${name}`,
        );
      return;
    }
    if (isActive) {
      this.#forget(uid);
      this.#tell("Normal", "SawCompletedJob", `Saw completed job: ${name}, condition: ${end.type}`);
    }
    const endedAt = job.status?.completionTime;
    const before = parseTimestamp(this.#status.lastSuccessfulTime) ?? -Infinity;
    if (end.type === "Complete" && endedAt !== undefined && (parseTimestamp(endedAt) ?? 0) > before)
      this.#status = { ...this.#status, lastSuccessfulTime: endedAt };
  }

  /** The cache may be older than the Job. */
  async #isActiveNow(job: Job): Promise<boolean> {
    const { namespace, name } = this.#cronJob.metadata;
    const fresh = await this.#tools.client.get<CronJob>(resourceTypes.cronjobs, namespace, name);
    return (fresh.status?.active ?? []).some(({ uid }) => uid === job.metadata.uid);
  }

  /** Starts the Job that is due, if the CronJob wants it now. Resolves to the time after which the next one is due. */
  async startDue(): Promise<number | undefined> {
    const { metadata, spec } = this.#cronJob;
    if (metadata.deletionTimestamp !== undefined || spec.suspend === true) return undefined;
    const schedule = this.#schedule();
    if (schedule === undefined) return undefined;
    const nowMs = this.#tools.clock.now();
    const dueMs = this.#dueMs(schedule, nowMs);
    if (dueMs === neverDue) return undefined;
    const starts = dueMs !== undefined && this.#mayStart(dueMs, nowMs);
    if (starts && !(await this.#start(dueMs))) return undefined;
    return nextDueInMs(
      schedule,
      spec.timeZone,
      waitsSinceMs({ ...this.#cronJob, status: this.#status }),
      nowMs,
    );
  }

  #schedule(): CronSchedule | undefined {
    const { schedule: text } = this.#cronJob.spec;
    if (text.includes("TZ"))
      this.#tell(
        "Warning",
        "UnsupportedSchedule",
        `CRON_TZ or TZ used in schedule "${text}" is not officially supported, see https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/ for more details`,
      );
    const schedule = parseCronSchedule(text);
    if (!("error" in schedule)) return schedule;
    this.#tell("Warning", "UnparseableSchedule", `unparseable schedule: "${text}" : ${schedule.error}`);
    return undefined;
  }

  #dueMs(schedule: CronSchedule, nowMs: number): number | undefined | typeof neverDue {
    const { spec } = this.#cronJob;
    const deadlineMs = nowMs - (spec.startingDeadlineSeconds ?? Infinity) * 1000;
    const sinceMs = Math.max(waitsSinceMs(this.#cronJob), deadlineMs);
    const missed = missedTimes(schedule, spec.timeZone, sinceMs, nowMs);
    if (missed === neverDue) {
      this.#tell("Warning", "InvalidSchedule", `invalid schedule: ${spec.schedule} : ${neverDue}`);
      return neverDue;
    }
    if (missed.lastMs !== undefined && missed.count === "many")
      this.#tell(
        "Warning",
        "TooManyMissedTimes",
        "too many missed start times. Set or decrease .spec.startingDeadlineSeconds or check clock skew",
      );
    return missed.lastMs;
  }

  #mayStart(dueMs: number, nowMs: number): boolean {
    const { spec } = this.#cronJob;
    if (dueMs + (spec.startingDeadlineSeconds ?? Infinity) * 1000 < nowMs) {
      const time = new Date(dueMs).toUTCString().replace("GMT", "+0000");
      this.#tell("Warning", "MissSchedule", `Missed scheduled time to start a job: ${time}`);
      return false;
    }
    const name = jobNameAt(this.#cronJob, dueMs);
    const isStarted =
      this.#active.some((each) => each.name === name) ||
      parseTimestamp(this.#status.lastScheduleTime) === dueMs;
    if (isStarted) return false;
    if (spec.concurrencyPolicy !== "Forbid" || this.#active.length === 0) return true;
    const message = "Not starting job because prior execution is running and concurrency policy is Forbid";
    this.#tell("Normal", "JobAlreadyActive", message);
    return false;
  }

  async #start(dueMs: number): Promise<boolean> {
    if (this.#cronJob.spec.concurrencyPolicy === "Replace") await this.#deleteActive();
    const job = await this.#create(makeJob(this.#cronJob, dueMs));
    if (job === undefined) return false;
    const { apiVersion, kind, metadata } = job;
    const { name, namespace = "", resourceVersion = "", uid = "" } = metadata;
    this.#active = [...this.#active, { apiVersion, kind, name, namespace, resourceVersion, uid }];
    this.#status = { ...this.#status, lastScheduleTime: timestamp(dueMs) };
    return true;
  }

  async #deleteActive(): Promise<void> {
    for (const { namespace, name = "" } of this.#active) {
      let job: Job;
      try {
        job = await this.#tools.client.get<Job>(resourceTypes.jobs, namespace, name);
      } catch (error) {
        this.#tell("Warning", "FailedGet", `Get job: ${messageOf(error)}`);
        throw error;
      }
      if (!(await this.#delete(job))) throw new Error(`could not replace job ${namespace}/${name}`);
    }
  }

  /** The Job; undefined when another has its name, or when it is known already. */
  async #create(wanted: Job): Promise<Job | undefined> {
    const { namespace, name } = wanted.metadata;
    try {
      const job = await this.#tools.client.create(resourceTypes.jobs, wanted);
      this.#tell("Normal", "SuccessfulCreate", `Created job ${name}`);
      return job;
    } catch (error) {
      if (!isAlreadyExists(error)) {
        this.#tell("Warning", "FailedCreate", `Error creating job: ${messageOf(error)}`);
        throw error;
      }
      const present = await this.#tools.client.get<Job>(resourceTypes.jobs, namespace, name);
      const isOurs = controllerOf(present)?.uid === this.#cronJob.metadata.uid;
      const isKnown = this.#active.some(({ uid }) => uid === present.metadata.uid);
      return isOurs && !isKnown ? present : undefined;
    }
  }

  #forget(uid: string | undefined): void {
    this.#active = this.#active.filter((each) => each.uid !== uid);
  }

  #tell(type: "Normal" | "Warning", reason: string, message: string): void {
    this.#tools.events.event(this.#cronJob, type, reason, message);
  }
}
