import { objectIn, whenAbsent, whenEmpty } from "../../../defaults/fill-in.ts";
import { type JsonObject } from "../../../patch/json-value.ts";

/** SetDefaults_PersistentVolume. */
export function defaultPersistentVolume(volume: JsonObject): void {
  const spec = objectIn(volume, "spec");
  whenEmpty(spec, "persistentVolumeReclaimPolicy", "Retain");
  whenAbsent(spec, "volumeMode", "Filesystem");
}
