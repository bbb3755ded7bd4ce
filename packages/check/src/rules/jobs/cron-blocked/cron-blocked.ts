import type { CronJob } from "@seaworthy/kube";
import { objectRule } from "../../../make-rule.ts";

/** A CronJob that never runs again once a run hangs. */
export const cronBlocked = objectRule<CronJob>(
  {
    id: "cron-blocked",
    kind: "CronJob",
    group: "batch",
    severity: "advice",
    title: "one run that hangs keeps all later ones from beginning",
    why: `With \`concurrencyPolicy: Forbid\` no run begins while the last one has not ended. One that hangs, on a connection
that nobody answers for example, never ends, and nothing tells that the backups have stopped.`,
    mend: `\`jobTemplate.spec.activeDeadlineSeconds\`: longer than a run ever takes, shorter than the time until you would
miss it.`,
    sources: [
      "https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/#concurrency-policy",
      "https://kubernetes.io/docs/concepts/workloads/controllers/job/#job-termination-and-cleanup",
    ],
    profile: "strict",
  },
  function* look({ object }) {
    const { concurrencyPolicy, jobTemplate } = object.spec;
    const deadline =
      jobTemplate.spec?.activeDeadlineSeconds ?? jobTemplate.spec?.template.spec.activeDeadlineSeconds;
    if (concurrencyPolicy !== "Forbid" || deadline !== undefined) return;
    yield {
      path: ["spec", "jobTemplate", "spec", "activeDeadlineSeconds"],
      message: `${object.metadata.name} never runs again once one of its runs hangs`,
      label: "no activeDeadlineSeconds",
      next: ["jobTemplate.spec.activeDeadlineSeconds: longer than a run ever takes"],
    };
  },
);
