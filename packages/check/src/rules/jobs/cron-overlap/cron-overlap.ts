import type { CronJob } from "@seaworthy/kube";
import { objectRule } from "../../../make-rule.ts";
import { cronIntervalSeconds } from "../../../objects/workloads/cron-interval.ts";

/** A CronJob whose runs pile up when one takes long. */
export const cronOverlap = objectRule<CronJob>(
  {
    id: "cron-overlap",
    kind: "CronJob",
    group: "batch",
    severity: "warning",
    title: "runs of a CronJob pile up when one takes long",
    why: `By default a run begins whether the last one has ended or not. When what it needs is slow, runs pile up every few
minutes, make that slower still, and fill the cluster. An innocent CronJob took down a whole cluster that way.`,
    mend: `\`concurrencyPolicy: Forbid\` (or \`Replace\`), and an \`activeDeadlineSeconds\` for its jobs, so that a run that
hangs does not keep all later ones from beginning.`,
    sources: [
      "https://fr2.slideshare.net/try_except_/kubernetes-failure-stories-kubecon-europe-barcelona",
      "https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/#concurrency-policy",
    ],
    profile: "default",
  },
  function* look(manifest) {
    const { schedule, concurrencyPolicy = "Allow", jobTemplate, suspend } = manifest.object.spec;
    if (concurrencyPolicy !== "Allow" || suspend === true) return;
    const interval = cronIntervalSeconds(schedule);
    const deadline = jobTemplate.spec?.activeDeadlineSeconds ?? Infinity;
    if (interval === undefined || interval > oftenSeconds || deadline <= interval) return;
    const path = ["spec", "concurrencyPolicy"];
    yield {
      path: manifest.object.spec.concurrencyPolicy === undefined ? ["spec", "schedule"] : path,
      message: `runs of ${manifest.object.metadata.name} pile up when one takes longer than ${interval} s`,
      label: `every ${interval} s, whether the last run has ended or not`,
      next: ["concurrencyPolicy: Forbid, and jobTemplate.spec.activeDeadlineSeconds"],
      fix: { isSafe: false, edits: [{ manifest, path, op: "set", value: "Forbid" }] },
    };
  },
);

/** Runs that begin less often have time to end, and their owners time to look. */
const oftenSeconds = 900;
