import { missingFinding } from "../../../objects/references/missing-finding.ts";
import { missingReferences } from "../../../objects/references/missing-references.ts";
import type { Rule } from "../../../rule.ts";

/** A claim that is not there although others are. */
export const missingClaim: Rule = {
  id: "missing-claim",
  severity: "warning",
  title: "a pod mounts a claim that is not there",
  why: `The scheduler finds no node for a pod whose PersistentVolumeClaim is not there: it stays Pending. Claims of this namespace are among
the files, and this one is not.`,
  mend: "Correct the name, or add the PersistentVolumeClaim.",
  sources: ["https://kubernetes.io/docs/concepts/storage/persistent-volumes/#claims-as-volumes"],
  profile: "default",
  *check(set) {
    for (const missing of missingReferences(set, ["PersistentVolumeClaim"]))
      if (missing.others.length > 0) yield missingFinding(missing, set);
  },
};
