import type { TableColumns } from "../../columns/columns.ts";
import { shownColumns, shows, showsAge, showsName } from "../../columns/shown-columns.ts";
import { listAt } from "../../columns/value-at.ts";

/** What `kubectl get csinodes` shows. */
export const csiNodeColumns: TableColumns = shownColumns(
  showsName(),
  shows("Drivers", (object) => listAt(object, "spec.drivers").length, { type: "integer" }),
  showsAge,
);
