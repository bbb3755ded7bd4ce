import type { CronJob } from "@seaworthy/kube";
import { objectRule } from "../../../make-rule.ts";

/** A CronJob whose missed run begins however late it is. */
export const cronDeadlineMissing = objectRule<CronJob>(
  {
    id: "cron-deadline-missing",
    kind: "CronJob",
    group: "batch",
    severity: "advice",
    title: "a missed run of a CronJob begins however late it is",
    why: `When a run could not begin at its time, because the control plane was down or the last run had not ended, it begins
as soon as it can: a nightly job at noon, and those of all CronJobs at once.`,
    mend: `\`startingDeadlineSeconds\`: as long as a late run is still of use, 300 for example; not below 10.`,
    sources: ["https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/#starting-deadline"],
    profile: "strict",
    peers: { "kube-score": ["cronjob-has-deadline"] },
  },
  function* look({ object }) {
    if (typeof object.spec.startingDeadlineSeconds === "number") return;
    yield {
      path: ["spec", "startingDeadlineSeconds"],
      message: `a missed run of ${object.metadata.name} begins however late it is`,
      label: "no startingDeadlineSeconds",
      next: ["startingDeadlineSeconds: 300, or as long as a late run is still of use"],
    };
  },
);
