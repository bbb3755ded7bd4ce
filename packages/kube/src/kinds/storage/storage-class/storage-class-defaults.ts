import { whenAbsent } from "../../../defaults/fill-in.ts";
import { type JsonObject } from "../../../patch/json-value.ts";

/** SetDefaults_StorageClass. */
export function defaultStorageClass(storageClass: JsonObject): void {
  whenAbsent(storageClass, "reclaimPolicy", "Delete");
  whenAbsent(storageClass, "volumeBindingMode", "Immediate");
}
