import { objectIn, whenAbsent } from "../../../defaults/fill-in.ts";
import { type JsonObject } from "../../../patch/json-value.ts";

/** SetDefaults_CSIDriver. */
export function defaultCSIDriver(driver: JsonObject): void {
  const spec = objectIn(driver, "spec");
  whenAbsent(spec, "attachRequired", true);
  for (const field of ["podInfoOnMount", "storageCapacity", "requiresRepublish", "seLinuxMount"])
    whenAbsent(spec, field, false);
  whenAbsent(spec, "fsGroupPolicy", "ReadWriteOnceWithFSType");
  whenAbsent(spec, "volumeLifecycleModes", ["Persistent"]);
}
