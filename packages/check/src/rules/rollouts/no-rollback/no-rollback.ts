import { type Deployment } from "@seaworthy/kube";
import { objectRule } from "../../../make-rule.ts";

/** A Deployment that forgets its old versions. */
export const noRollback = objectRule<Deployment>(
  {
    id: "no-rollback",
    kind: "Deployment",
    group: "apps",
    severity: "warning",
    title: "a Deployment keeps no old version to go back to",
    why: `With \`revisionHistoryLimit: 0\` the old ReplicaSet is deleted as soon as the new one is complete:
\`kubectl rollout undo\` has nothing to go back to when the new version turns out to be bad.`,
    mend: `Leave it out: the default keeps 10, which cost next to nothing.`,
    sources: ["https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#clean-up-policy"],
    profile: "default",
  },
  function* look(manifest) {
    if (manifest.object.spec.revisionHistoryLimit !== 0) return;
    const path = ["spec", "revisionHistoryLimit"];
    yield {
      path,
      message: `${manifest.object.metadata.name} keeps no old version: kubectl rollout undo cannot go back`,
      label: "no old version is kept",
      next: ["remove it: the default keeps 10"],
      fix: { isSafe: true, edits: [{ manifest, path, op: "remove" }] },
    };
  },
);
