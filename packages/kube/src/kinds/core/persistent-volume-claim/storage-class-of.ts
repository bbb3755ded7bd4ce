import type { PersistentVolumeClaim } from "../../../object.ts";

/** The StorageClass that a claim names; undefined when it names none, and "" when it wants none. */
export function storageClassOf({ metadata, spec }: PersistentVolumeClaim): string | undefined {
  return metadata.annotations?.["volume.beta.kubernetes.io/storage-class"] ?? spec?.storageClassName;
}
