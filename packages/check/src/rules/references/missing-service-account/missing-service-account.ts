import { missingFinding } from "../../../objects/references/missing-finding.ts";
import { missingReferences } from "../../../objects/references/missing-references.ts";
import type { Rule } from "../../../rule.ts";

/** A ServiceAccount that is not there although others are. */
export const missingServiceAccount: Rule = {
  id: "missing-service-account",
  severity: "warning",
  title: "a pod runs as a ServiceAccount that is not there",
  why: `The API server refuses each pod: the workload is there, says nothing, and has no pods. Only an event of its ReplicaSet or Job tells.
ServiceAccounts of this namespace are among the files, and this one is not.`,
  mend: "Correct the name, or add the ServiceAccount.",
  sources: ["https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/"],
  profile: "default",
  peers: { "kube-linter": ["non-existent-service-account"] },
  *check(set) {
    for (const missing of missingReferences(set, ["ServiceAccount"]))
      if (missing.others.length > 0) yield missingFinding(missing, set);
  },
};
