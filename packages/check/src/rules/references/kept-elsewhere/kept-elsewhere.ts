import { formatObjectName } from "@seaworthy/kube";
import { missingReferences } from "../../../objects/references/missing-references.ts";
import type { Rule } from "../../../rule.ts";

/** What a pod needs and no file has, of a kind that no file has at all. */
export const keptElsewhere: Rule = {
  id: "kept-elsewhere",
  severity: "advice",
  title: "a pod needs an object that none of the files makes",
  why: `Many teams keep Secrets, claims and ServiceAccounts somewhere else, with good reason. Then these files alone make no running system:
in a new namespace or after a disaster the pods wait for what nobody has applied. None of this kind is among the files, so that
this is no proof of a mistake.`,
  mend: "Add the object, or what makes it: an ExternalSecret or a SealedSecret. Or ignore this, with the place where it is kept as reason.",
  sources: ["https://kubernetes.io/docs/concepts/configuration/secret/#restriction-names-data"],
  profile: "strict",
  peers: { "kube-linter": ["non-existent-service-account", "env-value-from"] },
  *check(set) {
    const kinds = ["ConfigMap", "Secret", "PersistentVolumeClaim", "ServiceAccount"] as const;
    for (const { manifest, reference, others, again } of missingReferences(set, kinds)) {
      if (others.length > 0) continue;
      yield {
        manifest,
        path: reference.path,
        message: `${formatObjectName(manifest.object)} needs ${reference.kind} ${reference.name}, which is not in ${set.home}`,
        label: `no ${reference.kind} is in ${set.home}`,
        ...(again.length === 0 ? {} : { seen: again }),
        next: [`add ${reference.kind} ${reference.name}, or say in an ignore where it is kept`],
      };
    }
  },
};
