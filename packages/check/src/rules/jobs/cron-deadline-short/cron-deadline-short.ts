import type { CronJob } from "@seaworthy/kube";
import { objectRule } from "../../../make-rule.ts";

/** A CronJob whose runs may be late before anybody looks. */
export const cronDeadlineShort = objectRule<CronJob>(
  {
    id: "cron-deadline-short",
    kind: "CronJob",
    group: "batch",
    severity: "error",
    title: "a CronJob's runs are too late before anybody looks",
    why: `The controller looks at CronJobs every 10 s. With a shorter \`startingDeadlineSeconds\` runs are left out, or none
ever begins.`,
    mend: `60 s or more: as long as a late run is still of use.`,
    sources: ["https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/#starting-deadline"],
    profile: "default",
  },
  function* look(manifest) {
    const seconds = manifest.object.spec.startingDeadlineSeconds;
    if (typeof seconds !== "number" || seconds >= 10) return;
    const path = ["spec", "startingDeadlineSeconds"];
    yield {
      path,
      message: `runs of ${manifest.object.metadata.name} may be left out: they are too late after ${seconds} s, and are looked for every 10 s`,
      label: "shorter than 10 s",
      next: ["startingDeadlineSeconds: 60"],
      fix: { isSafe: true, edits: [{ manifest, path, op: "set", value: 60 }] },
    };
  },
);
