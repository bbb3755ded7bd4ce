import { cronJobColumns } from "./cron-job-columns.ts";
import { defaultCronJob } from "./cron-job-defaults.ts";
import { cronJobErrors, cronJobUpdateErrors } from "./cron-job-errors.ts";
import { cronJobWarnings } from "./cron-job-warnings.ts";
import { kind, type Kind } from "../../kind.ts";

/** CronJobs. */
export const cronJobKind: Kind = kind("batch", "v1", "CronJob", "cronjobs", "namespaced", {
  shortNames: ["cj"],
  categories: ["all"],
  idle: true,
  podTemplate: ["spec", "jobTemplate", "spec", "template"],
  createErrors: cronJobErrors,
  updateErrors: cronJobUpdateErrors,
  warnings: cronJobWarnings,
  storage: { status: "isolated", newStatus: {}, generationInputs: ({ spec }) => spec },
  columns: cronJobColumns,
  defaults: defaultCronJob,
});
