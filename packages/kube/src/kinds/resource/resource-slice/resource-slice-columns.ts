import type { TableColumns } from "../../columns/columns.ts";
import { shownColumns, shows, showsAge, showsName } from "../../columns/shown-columns.ts";
import { textAt } from "../../columns/value-at.ts";

/** What `kubectl get resourceslices` shows. */
export const resourceSliceColumns: TableColumns = shownColumns(
  showsName(),
  shows("Node", (object) => textAt(object, "spec.nodeName")),
  shows("Driver", (object) => textAt(object, "spec.driver")),
  shows("Pool", (object) => textAt(object, "spec.pool.name")),
  showsAge,
);
