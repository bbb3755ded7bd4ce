import type { CronJob } from "@seaworthy/kube";
import { objectRule } from "../../../make-rule.ts";

/** A CronJob whose failed runs leave no trace. */
export const cronNoFailuresKept = objectRule<CronJob>(
  {
    id: "cron-no-failures-kept",
    kind: "CronJob",
    group: "batch",
    severity: "warning",
    title: "failed runs of a CronJob leave no trace",
    why: `With \`failedJobsHistoryLimit: 0\` a failed job is deleted at once, with its pods and their logs: nobody can see that
it failed, nor why.`,
    mend: `Leave it out: the default keeps the last one.`,
    sources: ["https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/#jobs-history-limits"],
    profile: "default",
  },
  function* look(manifest) {
    if (manifest.object.spec.failedJobsHistoryLimit !== 0) return;
    const path = ["spec", "failedJobsHistoryLimit"];
    yield {
      path,
      message: `a run of ${manifest.object.metadata.name} that fails is deleted at once, with its log`,
      label: "none is kept",
      next: ["remove it: the default keeps one"],
      fix: { isSafe: true, edits: [{ manifest, path, op: "remove" }] },
    };
  },
);
