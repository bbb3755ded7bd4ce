import type { V1CronJob, V1CronJobSpec } from "@kubernetes/client-node";
import type { KubeObject, LabelSelector, Unchecked } from "../../../object.ts";
import { invalidValue, requiredValue, unsupportedValue, type FieldErrors } from "../../field-error.ts";
import { shownSelector } from "../../meta/label-errors.ts";
import { byteLength } from "../../meta/names.ts";
import { nonNegativeErrors } from "../../meta/number-errors.ts";
import { coreObjectMetaErrors, coreObjectMetaUpdateErrors } from "../../meta/object-meta-errors.ts";
import { jobSpecErrors } from "../job/job-spec-errors.ts";
import { parseCronSchedule } from "./cron-schedule.ts";
import { isTimeZone } from "./time-zone.ts";

type Spec = Unchecked<V1CronJobSpec>;

/** The name of a Job has a dash and ten digits more, and no more than 63 characters. */
const longestName = 52;

/** What is wrong with a new CronJob. */
export function* cronJobErrors(object: KubeObject): FieldErrors {
  yield* coreObjectMetaErrors(object);
  yield* specErrors((object as Unchecked<V1CronJob>).spec ?? {}, undefined);
  const { name = "" } = object.metadata;
  if (byteLength(name) > longestName)
    yield invalidValue("metadata.name", name, `must be no more than ${longestName} characters`);
}

/** What is wrong with a change of a CronJob. */
export function* cronJobUpdateErrors(object: KubeObject, old: KubeObject): FieldErrors {
  yield* coreObjectMetaUpdateErrors(object, old);
  yield* specErrors((object as Unchecked<V1CronJob>).spec ?? {}, (old as Unchecked<V1CronJob>).spec ?? {});
}

function* specErrors(spec: Spec, before: Spec | undefined): FieldErrors {
  const { schedule = "", timeZone, concurrencyPolicy = "Allow", jobTemplate } = spec;
  if (schedule === "") yield requiredValue("spec.schedule");
  else yield* scheduleErrors(schedule, before?.schedule ?? "", timeZone);
  yield* nonNegativeErrors("spec.startingDeadlineSeconds", spec.startingDeadlineSeconds);
  if (before === undefined || timeZone !== before.timeZone) yield* timeZoneErrors("spec.timeZone", timeZone);
  if (!policies.includes(concurrencyPolicy))
    yield unsupportedValue("spec.concurrencyPolicy", concurrencyPolicy, policies);
  const job = jobTemplate?.spec ?? {};
  const at = "spec.jobTemplate.spec";
  yield* jobSpecErrors(at, job);
  if (job.selector !== undefined)
    yield invalidValue(
      `${at}.selector`,
      shownSelector(job.selector as LabelSelector),
      "`selector` will be auto-generated",
    );
  if (job.manualSelector === true) yield unsupportedValue(`${at}.manualSelector`, true, ["nil", "false"]);
  yield* nonNegativeErrors("spec.successfulJobsHistoryLimit", spec.successfulJobsHistoryLimit);
  yield* nonNegativeErrors("spec.failedJobsHistoryLimit", spec.failedJobsHistoryLimit);
}

const policies = ["Allow", "Forbid", "Replace"];

/** A zone in the schedule itself is kept where it was, and not taken anew. */
function* scheduleErrors(schedule: string, before: string, timeZone: string | undefined): FieldErrors {
  const field = "spec.schedule";
  const parsed = parseCronSchedule(schedule);
  if ("error" in parsed) yield invalidValue(field, schedule, parsed.error);
  if (!schedule.includes("TZ")) return;
  if (!before.includes("TZ"))
    yield invalidValue(field, schedule, "cannot use TZ or CRON_TZ in schedule, use timeZone field instead");
  else if (timeZone !== undefined)
    yield invalidValue(field, schedule, "cannot use both timeZone field and TZ or CRON_TZ in schedule");
}

function* timeZoneErrors(field: string, timeZone: string | undefined): FieldErrors {
  if (timeZone === undefined) return;
  if (timeZone === "") return yield invalidValue(field, timeZone, "timeZone must be nil or non-empty string");
  const isName = (part: string) =>
    part !== "." && part !== ".." && !part.startsWith("-") && /^[A-Za-z.\-_0-9+]{1,14}$/.test(part);
  if (timeZone.toLowerCase() === "local")
    yield invalidValue(
      field,
      timeZone,
      "timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones",
    );
  // Go knows the zone of the machine by this name.
  const isKnown = timeZone === "Local" || isTimeZone(timeZone);
  if (!timeZone.split("/").every(isName) || !isKnown)
    yield invalidValue(field, timeZone, `unknown time zone ${timeZone}`);
}
