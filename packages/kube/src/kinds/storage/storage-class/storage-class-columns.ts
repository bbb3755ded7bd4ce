import { defaultMark } from "../volume-cells.ts";
import type { TableColumns } from "../../columns/columns.ts";
import { shownColumns, shows, showsAge, showsName } from "../../columns/shown-columns.ts";
import { valueAt, textAt } from "../../columns/value-at.ts";

/** What `kubectl get storageclasses` shows. */
export const storageClassColumns: TableColumns = shownColumns(
  showsName(defaultMark("storageclass.kubernetes.io/is-default-class")),
  shows("Provisioner", (object) => textAt(object, "provisioner")),
  shows("ReclaimPolicy", (object) => textAt(object, "reclaimPolicy", "Delete")),
  shows("VolumeBindingMode", (object) => textAt(object, "volumeBindingMode", "<unset>")),
  shows("AllowVolumeExpansion", (object) => valueAt(object, "allowVolumeExpansion") === true),
  showsAge,
);
