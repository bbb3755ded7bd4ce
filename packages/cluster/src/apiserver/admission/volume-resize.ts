import {
  compareQuantity,
  resourceTypes,
  storageClassOf,
  type PersistentVolumeClaim,
  type StorageClass,
} from "@seaworthy/kube";
import type { ApiContext } from "../api-context.ts";
import { forbidden } from "../http/status-error.ts";

/**
 * The admission plugin PersistentVolumeClaimResize: refuses that a claim grows whose class does not allow it.
 * https://github.com/kubernetes/kubernetes/blob/v1.36.3/plugin/pkg/admission/storage/persistentvolume/resize/admission.go
 */
export function confirmMayGrow(
  claim: PersistentVolumeClaim,
  old: PersistentVolumeClaim,
  { store }: ApiContext,
): void {
  // Of one that is not bound the rules for fields say so.
  if (compareQuantity(sizeOf(claim), sizeOf(old)) <= 0 || old.status?.phase !== "Bound") return;
  const storageClass = store.get("storage.k8s.io/storageclasses", storageClassOf(old) ?? "")?.object as
    | StorageClass
    | undefined;
  if (storageClass?.allowVolumeExpansion !== true)
    throw forbidden(
      resourceTypes.persistentvolumeclaims,
      claim.metadata.name,
      "only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize",
    );
}

function sizeOf({ spec }: PersistentVolumeClaim): string {
  return spec?.resources?.requests?.["storage"] ?? "0";
}
