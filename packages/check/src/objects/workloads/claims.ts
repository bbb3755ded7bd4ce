import type { FieldPath, PersistentVolumeClaim } from "@seaworthy/kube";
import type { ManifestOf, ObjectSet } from "../object-set.ts";
import type { PodSource } from "../pod-source.ts";

/** A claim that a pod mounts as one of its volumes. */
export interface MountedClaim {
  readonly name: string;
  /** Where it is named, from the template. */
  readonly path: FieldPath;
  /** The claim, if it is among the objects. */
  readonly claim: ManifestOf<PersistentVolumeClaim> | undefined;
  /** Whether only one node can mount it; undefined where the claim is not known. */
  readonly isOfOneNode: boolean | undefined;
}

/** The claims that all pods of a template share: not those that a StatefulSet makes for each. */
export function claimsOf(pod: PodSource, set: ObjectSet): MountedClaim[] {
  return (pod.spec.volumes ?? []).flatMap(({ persistentVolumeClaim }, index) => {
    if (!persistentVolumeClaim) return [];
    const name = persistentVolumeClaim.claimName;
    const claim = set.beside<PersistentVolumeClaim>(pod.manifest.object, "PersistentVolumeClaim", name);
    const modes = claim?.object.spec?.accessModes;
    const isOfOneNode = modes && !modes.some((mode) => mode === "ReadWriteMany" || mode === "ReadOnlyMany");
    const path = ["spec", "volumes", index, "persistentVolumeClaim", "claimName"];
    return [{ name, path, claim, isOfOneNode }];
  });
}

/** Whether a pod has data that two of them at once may not be allowed to have: a claim, or files of its node. */
export function holdsData(pod: PodSource, set: ObjectSet): boolean {
  return claimsOf(pod, set).length > 0 || (pod.spec.volumes ?? []).some(({ hostPath }) => Boolean(hostPath));
}
