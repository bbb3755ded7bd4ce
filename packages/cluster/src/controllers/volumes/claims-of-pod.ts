import type { PersistentVolumeClaim, Pod, Volume } from "@seaworthy/kube";

/** A claim that a pod uses by one of its volumes. */
export interface UsedClaim {
  readonly name: string;
  /** Whether the claim is made for the pod and goes with it. */
  readonly isEphemeral: boolean;
}

/** The claims that a pod uses. */
export function claimsOfPod({ metadata, spec }: Pod): UsedClaim[] {
  return (spec.volumes ?? []).flatMap((volume) => {
    const name = claimNameOf(volume, metadata.name);
    return name === undefined ? [] : [{ name, isEphemeral: volume.ephemeral !== undefined }];
  });
}

/**
 * The claim by which a pod has a volume. That of a generic ephemeral volume is named after both
 * (k8s.io/component-helpers/storage/ephemeral).
 */
export function claimNameOf(volume: Volume, podName: string): string | undefined {
  return volume.ephemeral === undefined
    ? volume.persistentVolumeClaim?.claimName
    : `${podName}-${volume.name}`;
}

/** Whether a claim was made for a pod. */
export function isForPod({ metadata }: PersistentVolumeClaim, pod: Pod): boolean {
  return (metadata.ownerReferences ?? []).some(
    ({ controller, uid }) => controller === true && uid === pod.metadata.uid,
  );
}
