import { zoneOffset, timestamp, type CronJob, type Job } from "@seaworthy/kube";
import { controllerReference } from "../pod-owners/claim-objects.ts";

/** The name of the Job that a CronJob makes for a time: it is the same whoever makes it, so that nobody makes two. */
export function jobNameAt({ metadata }: CronJob, dueMs: number): string {
  return `${metadata.name}-${Math.floor(dueMs / 60_000)}`;
}

/**
 * Makes the Job of a CronJob for a time.
 * https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/controller/cronjob/utils.go (getJobFromTemplate2)
 */
export function makeJob(cronJob: CronJob, dueMs: number): Job {
  const { metadata: { labels, annotations } = {}, spec } = cronJob.spec.jobTemplate;
  const { namespace } = cronJob.metadata;
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: {
      name: jobNameAt(cronJob, dueMs),
      ...(namespace === undefined ? {} : { namespace }),
      ...(labels === undefined ? {} : { labels }),
      annotations: {
        ...annotations,
        "batch.kubernetes.io/cronjob-scheduled-timestamp": zonedTime(dueMs, cronJob.spec.timeZone ?? "UTC"),
      },
      ownerReferences: [controllerReference(cronJob)],
    },
    spec: spec ?? { template: { spec: { containers: [] } } },
  };
}

/** A time as it is written where it is: `2026-07-01T09:00:00+02:00`. */
function zonedTime(ms: number, zone: string): string {
  const offsetMinutes = zoneOffset(zone)(ms) / 60_000;
  const local = timestamp(ms + offsetMinutes * 60_000);
  if (offsetMinutes === 0) return local;
  const size = Math.abs(offsetMinutes);
  const digits = (count: number) => String(count).padStart(2, "0");
  const sign = offsetMinutes < 0 ? "-" : "+";
  return `${local.slice(0, -1)}${sign}${digits(Math.floor(size / 60))}:${digits(size % 60)}`;
}
