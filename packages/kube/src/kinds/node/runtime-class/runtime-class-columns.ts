import type { TableColumns } from "../../columns/columns.ts";
import { shownColumns, shows, showsAge, showsName } from "../../columns/shown-columns.ts";
import { textAt } from "../../columns/value-at.ts";

/** What `kubectl get runtimeclasses` shows. */
export const runtimeClassColumns: TableColumns = shownColumns(
  showsName(),
  shows("Handler", (object) => textAt(object, "handler")),
  showsAge,
);
