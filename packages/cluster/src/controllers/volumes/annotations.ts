import type { KubeObject, PersistentVolumeClaim } from "@seaworthy/kube";

/** On claims and volumes, by which the binder, the scheduler and provisioners talk to each other (pv_helpers.go). */
export const volumeAnnotations = {
  bindCompleted: "pv.kubernetes.io/bind-completed",
  boundByController: "pv.kubernetes.io/bound-by-controller",
  provisionedBy: "pv.kubernetes.io/provisioned-by",
  selectedNode: "volume.kubernetes.io/selected-node",
  provisioner: "volume.kubernetes.io/storage-provisioner",
  betaProvisioner: "volume.beta.kubernetes.io/storage-provisioner",
} as const;

/** Whether an object has an annotation, whatever its value. */
export function hasAnnotation({ metadata }: KubeObject, name: string): boolean {
  return metadata.annotations?.[name] !== undefined;
}

/** Whether a claim has its volume, and both agree on it. */
export function isFullyBound(claim: PersistentVolumeClaim): boolean {
  return (claim.spec?.volumeName ?? "") !== "" && hasAnnotation(claim, volumeAnnotations.bindCompleted);
}
