import type { KubeObject } from "@seaworthy/kube";

/**
 * The admission plugin StorageObjectInUseProtection: keeps what is in use until a controller takes the finalizer away.
 * https://github.com/kubernetes/kubernetes/blob/v1.36.3/plugin/pkg/admission/storage/storageobjectinuseprotection/admission.go
 */
export function protect({ metadata }: KubeObject, finalizer: string): void {
  const finalizers = metadata.finalizers ?? [];
  if (!finalizers.includes(finalizer)) metadata.finalizers = [...finalizers, finalizer];
}
