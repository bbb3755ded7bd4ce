import { podRule } from "../../../make-rule.ts";

/** A job whose failed containers are started anew for ever. */
export const jobRestartPolicy = podRule(
  {
    id: "job-restart-policy",
    severity: "error",
    title: "a job's restart policy is not one for jobs",
    why: `The pods of a job must be allowed to end, so the API server refuses the default, \`Always\`. A CronJob is refused with its
template, and until then the schedule of the old one goes on.`,
    mend: `\`restartPolicy: Never\`, which keeps the pod and the log of each try; or \`OnFailure\`.`,
    sources: ["https://kubernetes.io/docs/concepts/workloads/controllers/job/#pod-template"],
    profile: "default",
    peers: { "kube-score": ["cronjob-restartpolicy"] },
  },
  function* look({ spec, path, manifest }) {
    const isJob = manifest.object.apiVersion.startsWith("batch/");
    if (!isJob || (spec.restartPolicy ?? "Always") !== "Always") return;
    const field = ["spec", "restartPolicy"];
    yield {
      path: field,
      message: `pods of ${manifest.object.metadata.name} may not end, as those of a job must`,
      label: "Always, the default",
      next: ["restartPolicy: Never, or OnFailure"],
      fix: { isSafe: true, edits: [{ manifest, path: [...path, ...field], op: "set", value: "Never" }] },
    };
  },
);
