import type { Change } from "@seaworthy/client";
import { deepEqual, parseCronSchedule, resourceTypes, type CronJob, type Job } from "@seaworthy/kube";
import { controllerOf } from "../pod-owners/claim-objects.ts";
import { createLastWritten } from "../pod-owners/last-written.ts";
import { keyOf, splitKey, type ControllerContext } from "../reconciler/controller-context.ts";
import { keysBothWays, startReconciler, watch, type Due } from "../reconciler/start-reconciler.ts";
import { nextDueInMs } from "./missed-times.ts";
import { syncCronJob, waitsSinceMs } from "./sync-cron-job.ts";

/**
 * Starts a Job whenever a CronJob is due.
 * https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/controller/cronjob/cronjob_controllerv2.go
 */
export async function startCronJobController(context: ControllerContext): Promise<AsyncDisposable> {
  const { client, clock, informers } = context;
  const cronJobs = informers.of<CronJob>(resourceTypes.cronjobs);
  const jobs = informers.of<Job>(resourceTypes.jobs);
  const written = createLastWritten();

  function ownersOf(job: Job): string[] {
    const controller = controllerOf(job);
    if (controller?.kind !== resourceTypes.cronjobs.kind) return [];
    const owner = cronJobs.get(job.metadata.namespace, controller.name);
    return owner !== undefined && owner.metadata.uid === controller.uid ? [keyOf(owner)] : [];
  }

  /** A new schedule counts from its next time on, and does not start what it would have started before. */
  function dueAfter(change: Change<CronJob>): Due[] {
    const { object } = change;
    const key = keyOf(object);
    if (change.type !== "updated") return [key];
    const { schedule: text, timeZone } = object.spec;
    if (change.old.spec.schedule === text && change.old.spec.timeZone === timeZone) return [key];
    const schedule = parseCronSchedule(text);
    const afterMs =
      "error" in schedule ? undefined : nextDueInMs(schedule, timeZone, waitsSinceMs(object), clock.now());
    return afterMs === undefined ? [key] : [{ key, afterMs }];
  }

  return await startReconciler(context, {
    name: "cronjob-controller",
    workers: 4,
    watches: [
      watch(cronJobs, (change) => {
        if (change.type === "deleted") written.forget(change.object);
        return dueAfter(change);
      }),
      watch(jobs, (change) => keysBothWays(change, ownersOf)),
    ],
    async sync(key, { events, add }) {
      const { namespace, name } = splitKey(key);
      const cronJob = cronJobs.get(namespace, name);
      if (cronJob === undefined || written.isStale(cronJob)) return;
      const own = jobs.list(namespace).filter((job) => controllerOf(job)?.name === name);
      const { status, afterMs, error } = await syncCronJob({ client, clock, events }, cronJob, own);
      if (!deepEqual(status, cronJob.status ?? {})) {
        const updated = { ...cronJob, status };
        written.wrote(await client.update<CronJob>(resourceTypes.cronjobs, updated, "status"));
      }
      if (error !== undefined) throw error;
      if (afterMs !== undefined) add({ key, afterMs });
    },
  });
}
