import type { TableColumns } from "../../columns/columns.ts";
import { shownColumns, shows, showsAge, showsName } from "../../columns/shown-columns.ts";
import { valueAt, textAt, numberAt } from "../../columns/value-at.ts";

/** What `kubectl get priorityclasses` shows. */
export const priorityClassColumns: TableColumns = shownColumns(
  showsName(),
  shows("Value", (object) => numberAt(object, "value"), { type: "integer" }),
  shows("Global-Default", (object) => valueAt(object, "globalDefault") === true, { type: "boolean" }),
  showsAge,
  shows("PreemptionPolicy", (object) => textAt(object, "preemptionPolicy")),
);
