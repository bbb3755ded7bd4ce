import type { Job } from "@seaworthy/kube";
import { objectRule } from "../../../make-rule.ts";

/** A Job that stays after its end. */
export const jobStays = objectRule<Job>(
  {
    id: "job-stays",
    kind: "Job",
    group: "batch",
    severity: "advice",
    title: "a Job stays after its end",
    why: `A Job by itself is deleted by nobody: it and its pods stay, and the next apply of one of that name is refused, because
its template cannot be changed.`,
    mend: `\`ttlSecondsAfterFinished: 86400\` keeps it, and its log, for a day. The jobs of a CronJob are deleted by that.`,
    sources: ["https://kubernetes.io/docs/concepts/workloads/controllers/ttlafterfinished/"],
    profile: "strict",
    peers: { "kube-linter": ["job-ttl-seconds-after-finished"] },
  },
  function* look(manifest) {
    const { metadata, spec } = manifest.object;
    const isOfTool = Object.keys(metadata.annotations ?? {}).some((name) =>
      /^(helm\.sh|argocd\.argoproj\.io)\/hook/.test(name),
    );
    if (
      typeof spec.ttlSecondsAfterFinished === "number" ||
      (metadata.ownerReferences ?? []).length > 0 ||
      isOfTool
    )
      return;
    const path = ["spec", "ttlSecondsAfterFinished"];
    yield {
      path,
      message: `job ${metadata.name} stays after its end, with its pods`,
      label: "no ttlSecondsAfterFinished",
      next: ["ttlSecondsAfterFinished: 86400"],
      fix: { isSafe: false, edits: [{ manifest, path, op: "set", value: 86_400 }] },
    };
  },
);
