import type { KubeObject } from "../../../object.ts";
import { accessModes, phaseOf, storageClassOf } from "../../storage/volume-cells.ts";
import type { TableColumns } from "../../columns/columns.ts";
import { shownColumns, shows, showsAge, showsName } from "../../columns/shown-columns.ts";
import { textAt, listAt } from "../../columns/value-at.ts";

/** What `kubectl get persistentvolumeclaims` shows. */
export const persistentVolumeClaimColumns: TableColumns = shownColumns(
  showsName(),
  shows("Status", phaseOf),
  shows("Volume", (object) => textAt(object, "spec.volumeName")),
  shows("Capacity", (object) => (isBound(object) ? textAt(object, "status.capacity.storage") : "")),
  shows("Access Modes", (object) =>
    isBound(object) ? accessModes(listAt(object, "status.accessModes")) : "",
  ),
  shows("StorageClass", storageClassOf),
  shows("VolumeAttributesClass", (object) => textAt(object, "spec.volumeAttributesClassName", "<unset>")),
  showsAge,
  shows("VolumeMode", (object) => textAt(object, "spec.volumeMode", "<unset>"), { wide: true }),
);

function isBound(object: KubeObject): boolean {
  return textAt(object, "spec.volumeName") !== "";
}
