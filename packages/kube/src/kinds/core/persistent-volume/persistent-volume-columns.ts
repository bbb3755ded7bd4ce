import type { KubeObject } from "../../../object.ts";
import { accessModes, phaseOf, storageClassOf } from "../../storage/volume-cells.ts";
import type { TableColumns } from "../../columns/columns.ts";
import { shownColumns, shows, showsAge, showsName } from "../../columns/shown-columns.ts";
import { textAt, listAt } from "../../columns/value-at.ts";

/** What `kubectl get persistentvolumes` shows. */
export const persistentVolumeColumns: TableColumns = shownColumns(
  showsName(),
  shows("Capacity", (object) => textAt(object, "spec.capacity.storage")),
  shows("Access Modes", (object) => accessModes(listAt(object, "spec.accessModes"))),
  shows("Reclaim Policy", (object) => textAt(object, "spec.persistentVolumeReclaimPolicy")),
  shows("Status", phaseOf),
  shows("Claim", claimOf),
  shows("StorageClass", storageClassOf),
  shows("VolumeAttributesClass", (object) => textAt(object, "spec.volumeAttributesClassName", "<unset>")),
  shows("Reason", (object) => textAt(object, "status.reason")),
  showsAge,
  shows("VolumeMode", (object) => textAt(object, "spec.volumeMode", "<unset>"), { wide: true }),
);

function claimOf(object: KubeObject): string {
  const name = textAt(object, "spec.claimRef.name");
  return name === "" ? "" : `${textAt(object, "spec.claimRef.namespace")}/${name}`;
}
