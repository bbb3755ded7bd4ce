import { missingFinding } from "../../../objects/references/missing-finding.ts";
import { missingReferences } from "../../../objects/references/missing-references.ts";
import type { Rule } from "../../../rule.ts";

/** A ConfigMap or Secret that is not there although others are. */
export const missingConfig: Rule = {
  id: "missing-config",
  severity: "warning",
  title: "a pod asks for a ConfigMap or Secret that is not there",
  why: `No container starts without it: the pod stays in \`CreateContainerConfigError\` or \`ContainerCreating\`, and the rollout is stuck.
ConfigMaps or Secrets of this namespace are among the files and this one is not, so that its name is probably wrong. What an
ExternalSecret, a SealedSecret, a Certificate or another operator makes counts as there, and so does what a role lets a pod make by
itself: \`create\`, beside a rule for just this name.`,
  mend: "Correct the name, or add the object. Write `optional: true` beside it if the app runs without it.",
  sources: [
    "https://kubernetes.io/docs/concepts/configuration/configmap/#configmaps-and-pods",
    "https://kubernetes.io/docs/concepts/configuration/secret/#restriction-names-data",
  ],
  profile: "default",
  peers: { "kube-linter": ["env-value-from"] },
  *check(set) {
    for (const missing of missingReferences(set, ["ConfigMap", "Secret"]))
      if (missing.others.length > 0) yield missingFinding(missing, set);
  },
};
