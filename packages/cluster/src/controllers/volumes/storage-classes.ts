import type { StorageClass } from "@seaworthy/kube";

/** The driver of volumes that one node has. */
export const nodeLocalDriver = "node-local.seaworthy.dev";
/** The driver of volumes that every node reaches. */
export const sharedDriver = "shared.seaworthy.dev";

/** The StorageClasses that a cluster has from the start. */
export const seededStorageClasses: readonly StorageClass[] = [
  storageClass("standard", nodeLocalDriver, "WaitForFirstConsumer", {
    "storageclass.kubernetes.io/is-default-class": "true",
  }),
  storageClass("shared", sharedDriver, "Immediate"),
];

function storageClass(
  name: string,
  provisioner: string,
  volumeBindingMode: string,
  annotations?: Record<string, string>,
): StorageClass {
  return {
    apiVersion: "storage.k8s.io/v1",
    kind: "StorageClass",
    metadata: { name, ...(annotations === undefined ? {} : { annotations }) },
    provisioner,
    reclaimPolicy: "Delete",
    volumeBindingMode,
    allowVolumeExpansion: true,
  };
}
