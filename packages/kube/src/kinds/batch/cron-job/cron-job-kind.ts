import { cronJobColumns } from "./cron-job-columns.ts";
import { defaultCronJob } from "./cron-job-defaults.ts";
import { kind, type Kind } from "../../kind.ts";

/** CronJobs. */
export const cronJobKind: Kind = kind("batch", "v1", "CronJob", "cronjobs", "namespaced", {
  shortNames: ["cj"],
  categories: ["all"],
  podTemplate: ["spec", "jobTemplate", "spec", "template"],
  loadRules: async () => {
    const { cronJobErrors, cronJobUpdateErrors } = await import("./cron-job-errors.ts");
    const { cronJobWarnings } = await import("./cron-job-warnings.ts");
    return { createErrors: cronJobErrors, updateErrors: cronJobUpdateErrors, warnings: cronJobWarnings };
  },
  storage: { status: "isolated", newStatus: {}, generationInputs: ({ spec }) => spec },
  columns: cronJobColumns,
  defaults: defaultCronJob,
});
