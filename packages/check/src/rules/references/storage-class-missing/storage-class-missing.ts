import { findReferences } from "@seaworthy/app";
import { formatObjectName, nearestName, type PersistentVolume } from "@seaworthy/kube";
import { isUnreadable } from "../../../objects/references/unreadable.ts";
import type { Rule } from "../../../rule.ts";

/** A claim of a StorageClass that is not there although others are. */
export const storageClassMissing: Rule = {
  id: "storage-class-missing",
  severity: "warning",
  title: "a claim names a StorageClass that is not there",
  why: `Nobody makes a volume for it: the claim stays Pending, and the pods that mount it with it. StorageClasses are among the files, and
this one is not.`,
  mend: "Correct the name, or add the StorageClass.",
  sources: ["https://kubernetes.io/docs/concepts/storage/persistent-volumes/#class-1"],
  profile: "default",
  *check(set) {
    const classes = set.of("StorageClass", "storage.k8s.io").map(({ object }) => object.metadata.name);
    if (classes.length === 0) return;
    const volumes = set.of<PersistentVolume>("PersistentVolume");
    for (const manifest of set.manifests)
      for (const { kind, name, path } of findReferences(manifest.object)) {
        if (kind !== "StorageClass" || classes.includes(name)) continue;
        if (volumes.some(({ object }) => object.spec.storageClassName === name)) continue;
        if (isUnreadable(set, manifest.object, kind, name)) continue;
        const near = nearestName(name, classes);
        yield {
          manifest,
          path,
          message: `${formatObjectName(manifest.object)} asks for StorageClass ${name}, which is not in ${set.home}`,
          label: near === undefined ? "there is no such StorageClass" : `did you mean ${near}?`,
          seen: [`StorageClasses that are there: ${classes.slice(0, 6).join(", ")}`],
          next: [near === undefined ? `add StorageClass ${name}` : `storageClassName: ${near}`],
        };
      }
  },
};
