import { nextCronTime, parseCronSchedule, type CronJob } from "@seaworthy/kube";
import { objectRule } from "../../../make-rule.ts";

/** A CronJob whose schedule is never due. */
export const cronNever = objectRule<CronJob>(
  {
    id: "cron-never",
    kind: "CronJob",
    group: "batch",
    severity: "error",
    title: "a CronJob's schedule is never due",
    why: `The schedule is well formed, and names a day that there is not, as the 31st of June: the API server takes it, and it
never runs.`,
    mend: `Correct the day or the month. The fields are: minute, hour, day of the month, month, day of the week.`,
    sources: ["https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/#schedule-syntax"],
    profile: "default",
  },
  function* look({ object }) {
    const schedule = parseCronSchedule(object.spec.schedule);
    if ("error" in schedule || nextCronTime(schedule, someDay) !== undefined) return;
    yield {
      path: ["spec", "schedule"],
      message: `${object.metadata.name} never runs: there is no day that its schedule names`,
      label: "no such day",
      next: ["correct the day of the month, or the month"],
    };
  },
);

/** Five years from here hold every day that there is. */
const someDay = Date.UTC(2026, 0, 1);
