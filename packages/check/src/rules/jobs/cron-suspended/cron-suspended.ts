import type { CronJob } from "@seaworthy/kube";
import { objectRule } from "../../../make-rule.ts";

/** A CronJob that does not run. */
export const cronSuspended = objectRule<CronJob>(
  {
    id: "cron-suspended",
    kind: "CronJob",
    group: "batch",
    severity: "advice",
    title: "a CronJob is suspended",
    why: `\`suspend: true\` is easily left behind by an incident, and nothing tells that the job has not run for months.`,
    mend: `Remove \`suspend\`; a CronJob that is meant to be run by hand only can say so in an ignore.`,
    sources: ["https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/#schedule-suspension"],
    profile: "strict",
  },
  function* look(manifest) {
    if (manifest.object.spec.suspend !== true) return;
    const path = ["spec", "suspend"];
    yield {
      path,
      message: `${manifest.object.metadata.name} does not run: it is suspended`,
      label: "does not run",
      next: ["remove suspend"],
      fix: { isSafe: false, edits: [{ manifest, path, op: "remove" }] },
    };
  },
);
