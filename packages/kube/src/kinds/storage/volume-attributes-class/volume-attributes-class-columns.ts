import { defaultMark } from "../volume-cells.ts";
import type { TableColumns } from "../../columns/columns.ts";
import { shownColumns, shows, showsAge, showsName } from "../../columns/shown-columns.ts";
import { textAt } from "../../columns/value-at.ts";

/** What `kubectl get volumeattributesclasses` shows. */
export const volumeAttributesClassColumns: TableColumns = shownColumns(
  showsName(defaultMark("storageclass.kubernetes.io/is-default-class")),
  shows("DriverName", (object) => textAt(object, "driverName")),
  showsAge,
);
