import { storageClassOf, type KubeObject, type PersistentVolumeClaim } from "@seaworthy/kube";
import type { ApiContext } from "../api-context.ts";

/**
 * The admission plugin DefaultStorageClass: a claim that names no StorageClass has the one that is marked as the default, the
 * newest where several are.
 * https://github.com/kubernetes/kubernetes/blob/v1.36.3/plugin/pkg/admission/storage/storageclass/setdefault/admission.go
 */
export function addDefaultStorageClass(claim: PersistentVolumeClaim, { store }: ApiContext): void {
  if (storageClassOf(claim) !== undefined) return;
  const defaults = store
    .list("storage.k8s.io/storageclasses")
    .map(({ object }) => object)
    .filter(isDefault)
    // They are in the order of their names.
    .toSorted((left, right) => createdAt(right) - createdAt(left));
  const [found] = defaults;
  if (found !== undefined) claim.spec = { ...claim.spec, storageClassName: found.metadata.name };
}

function isDefault({ metadata }: KubeObject): boolean {
  const { annotations = {} } = metadata;
  return ["storageclass.kubernetes.io", "storageclass.beta.kubernetes.io"].some(
    (domain) => annotations[`${domain}/is-default-class`] === "true",
  );
}

function createdAt({ metadata }: KubeObject): number {
  return Date.parse(metadata.creationTimestamp ?? "");
}
