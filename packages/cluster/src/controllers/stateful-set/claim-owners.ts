import type { KubeObject, OwnerReference, PersistentVolumeClaim, Pod, StatefulSet } from "@seaworthy/kube";
import { controllerReference } from "../pod-owners/claim-objects.ts";
import { isWanted } from "./stateful-pod.ts";

/**
 * The owners that a claim should have, so that it goes with them as the set's retention policy says; undefined when it has them.
 * https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/controller/statefulset/stateful_set_utils.go (isClaimOwnerUpToDate)
 */
export function missingClaimOwners(
  claim: PersistentVolumeClaim,
  set: StatefulSet,
  pod: Pod,
  ordinal: number,
): OwnerReference[] | undefined {
  const references = claim.metadata.ownerReferences ?? [];
  // One of the same name that is gone already will take the claim with it.
  if (hasStaleOwner(claim, set) || hasStaleOwner(claim, pod)) return undefined;
  const others = references.filter((each) => !isOf(each, set) && !isOf(each, pod));
  const { whenDeleted, whenScaled } = policyOf(set);
  const isKept = whenDeleted === "Retain" && whenScaled === "Retain";
  const isControlled = !isKept && others.some(({ controller }) => controller === true);
  const goesWithPod = whenScaled === "Delete" && !isWanted(set, ordinal);
  const goesWithSet = whenDeleted === "Delete" && !goesWithPod;
  const wanted = isControlled
    ? others
    : [
        ...others,
        ...(goesWithSet ? [controllerReference(set)] : []),
        ...(goesWithPod ? [controllerReference(pod)] : []),
      ];
  return sameOwners(references, wanted) ? undefined : wanted;
}

/** Whether a claim belongs to somebody else, and the policy is not followed. */
export function hasOtherController(claim: PersistentVolumeClaim, set: StatefulSet, pod: Pod): boolean {
  const { whenDeleted, whenScaled } = policyOf(set);
  if (whenDeleted === "Retain" && whenScaled === "Retain") return false;
  const references = claim.metadata.ownerReferences ?? [];
  return references.some(
    (each) => each.controller === true && each.uid !== set.metadata.uid && each.uid !== pod.metadata.uid,
  );
}

/** Whether a claim will go with a pod of the same name that is gone already. */
export function hasStaleOwner(claim: PersistentVolumeClaim, owner: KubeObject): boolean {
  const found = claim.metadata.ownerReferences?.find((each) => isOf(each, owner));
  return found !== undefined && found.uid !== owner.metadata.uid;
}

/** Whether claims of pods that are too many are deleted. */
export function deletesWhenScaled(set: StatefulSet): boolean {
  return policyOf(set).whenScaled === "Delete";
}

function policyOf({ spec }: StatefulSet): { readonly whenDeleted: string; readonly whenScaled: string } {
  const { whenDeleted = "Retain", whenScaled = "Retain" } = spec.persistentVolumeClaimRetentionPolicy ?? {};
  return { whenDeleted, whenScaled };
}

function isOf(reference: OwnerReference, { apiVersion, kind, metadata }: KubeObject): boolean {
  return reference.apiVersion === apiVersion && reference.kind === kind && reference.name === metadata.name;
}

function sameOwners(left: readonly OwnerReference[], right: readonly OwnerReference[]): boolean {
  const written = (references: readonly OwnerReference[]) =>
    references.map(({ uid, controller }) => `${uid} ${controller === true}`).toSorted();
  return written(left).join() === written(right).join();
}
