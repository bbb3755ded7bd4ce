import {
  compareQuantity,
  matchesLabelSelector,
  matchesTerm,
  storageClassOf,
  type Node,
  type PersistentVolume,
  type PersistentVolumeClaim,
} from "@seaworthy/kube";

/** Where a volume is looked for. */
export interface VolumeSearch {
  readonly claim: PersistentVolumeClaim;
  readonly volumes: readonly PersistentVolume[];
  /** The node from which the volume must be reached, when that is known already. */
  readonly node?: Node;
  /** Whether the claim waits for a node, so that without one only a volume that is reserved for it will do. */
  readonly waits: boolean;
}

/**
 * Finds the smallest volume that satisfies a claim, or the one that is reserved for it.
 * https://github.com/kubernetes/kubernetes/blob/v1.36.3/staging/src/k8s.io/component-helpers/storage/volume/pv_helpers.go
 * (FindMatchingVolume)
 */
export function findVolume({ claim, volumes, node, waits }: VolumeSearch): PersistentVolume | undefined {
  let smallest: PersistentVolume | undefined;
  for (const volume of volumes) {
    const { claimRef } = volume.spec;
    const isReserved = isBoundTo(volume, claim);
    if (claimRef !== undefined && !isReserved) continue;
    if (!isLargeEnough(volume, claim) || !hasSameMode(volume, claim)) continue;
    if (attributesOf(volume) !== attributesOf(claim)) continue;
    if (volume.metadata.deletionTimestamp !== undefined) continue;
    const isReachable = node === undefined || reaches(node, volume);
    if (isReserved) return isReachable ? volume : undefined;
    if (node === undefined && waits) continue;
    if (volume.status?.phase !== "Available" || !isReachable) continue;
    const { selector } = claim.spec ?? {};
    if (selector !== undefined && !matchesLabelSelector(selector, volume.metadata.labels)) continue;
    if (classOf(volume) !== (storageClassOf(claim) ?? "") || !hasAccessModes(volume, claim)) continue;
    if (smallest === undefined || compareQuantity(sizeOf(volume), sizeOf(smallest)) < 0) smallest = volume;
  }
  return smallest;
}

/** Why the volume that a claim names does not suit it (checkVolumeSatisfyClaim of pv_controller.go). */
export function mismatchOf(volume: PersistentVolume, claim: PersistentVolumeClaim): string | undefined {
  if (!isLargeEnough(volume, claim)) return "requested PV is too small";
  if (classOf(volume) !== (storageClassOf(claim) ?? "")) return "storageClassName does not match";
  if (attributesOf(volume) !== attributesOf(claim)) return "volumeAttributesClassName does not match";
  if (!hasSameMode(volume, claim)) return "incompatible volumeMode";
  return hasAccessModes(volume, claim) ? undefined : "incompatible accessMode";
}

/** Whether a volume is reserved for a claim, be it for this very one or for any of its name. */
export function isBoundTo({ spec: { claimRef } }: PersistentVolume, claim: PersistentVolumeClaim): boolean {
  if (claimRef?.name !== claim.metadata.name || claimRef.namespace !== claim.metadata.namespace) return false;
  return (claimRef.uid ?? "") === "" || claimRef.uid === claim.metadata.uid;
}

/** Whether what a volume holds can be reached from a node. */
export function reaches(node: Node, { spec }: PersistentVolume): boolean {
  const required = spec.nodeAffinity?.required;
  return required === undefined || required.nodeSelectorTerms.some((term) => matchesTerm(term, node));
}

/** The StorageClass that a volume is of; "" when of none. */
export function classOf({ metadata, spec }: PersistentVolume): string {
  return metadata.annotations?.["volume.beta.kubernetes.io/storage-class"] ?? spec.storageClassName ?? "";
}

function sizeOf({ spec }: PersistentVolume): string {
  return spec.capacity?.["storage"] ?? "0";
}

function isLargeEnough(volume: PersistentVolume, { spec }: PersistentVolumeClaim): boolean {
  return compareQuantity(sizeOf(volume), spec?.resources?.requests?.["storage"] ?? "0") >= 0;
}

function hasSameMode(volume: PersistentVolume, { spec }: PersistentVolumeClaim): boolean {
  return (volume.spec.volumeMode ?? "Filesystem") === (spec?.volumeMode ?? "Filesystem");
}

function hasAccessModes({ spec }: PersistentVolume, claim: PersistentVolumeClaim): boolean {
  return (claim.spec?.accessModes ?? []).every((mode) => spec.accessModes?.includes(mode) === true);
}

function attributesOf({ spec }: PersistentVolume | PersistentVolumeClaim): string {
  return spec?.volumeAttributesClassName ?? "";
}
