import type { CronJob, Job } from "@seaworthy/kube";
import type { ObjectSet } from "../../../objects/object-set.ts";
import type { Finding, Rule } from "../../../rule.ts";

/** A job that may run for ever. */
export const jobEndless: Rule = {
  id: "job-endless",
  severity: "advice",
  title: "a job that hangs is never ended",
  why: `\`backoffLimit\` counts failures. A job that hangs does not fail: it keeps its memory and its lock until somebody
looks.`,
  mend: `\`activeDeadlineSeconds\`: longer than it ever takes.`,
  sources: ["https://kubernetes.io/docs/concepts/workloads/controllers/job/#job-termination-and-cleanup"],
  profile: "strict",
  *check(set: ObjectSet): Iterable<Finding> {
    for (const manifest of set.of<Job>("Job", "batch")) {
      const { spec, metadata } = manifest.object;
      // The jobs of a CronJob are looked at there.
      if ((metadata.ownerReferences ?? []).length > 0 || hasDeadline(spec)) continue;
      yield { manifest, path: ["spec", "activeDeadlineSeconds"], ...foundIn(metadata.name) };
    }
    for (const manifest of set.of<CronJob>("CronJob", "batch")) {
      const { jobTemplate, concurrencyPolicy } = manifest.object.spec;
      // With Forbid it is the matter of cron-blocked; with Replace the next run ends it.
      if ((concurrencyPolicy ?? "Allow") !== "Allow" || hasDeadline(jobTemplate.spec)) continue;
      const path = ["spec", "jobTemplate", "spec", "activeDeadlineSeconds"];
      yield { manifest, path, ...foundIn(manifest.object.metadata.name) };
    }
  },
};

function hasDeadline(spec: Partial<Job["spec"]> | undefined): boolean {
  const written = spec?.activeDeadlineSeconds ?? spec?.template?.spec.activeDeadlineSeconds;
  return typeof written === "number";
}

function foundIn(name: string): Pick<Finding, "message" | "label" | "next"> {
  return {
    message: `a run of ${name} that hangs is never ended`,
    label: "no activeDeadlineSeconds",
    next: ["activeDeadlineSeconds: longer than it ever takes"],
  };
}
