import type { TableColumns } from "../../columns/columns.ts";
import { shownColumns, showsAge, showsName } from "../../columns/shown-columns.ts";

/** What `kubectl get deviceclasses` shows. */
export const deviceClassColumns: TableColumns = shownColumns(showsName(), showsAge);
