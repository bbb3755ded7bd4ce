import type { TableColumns } from "../../columns/columns.ts";
import { shownColumns, showsCreation, showsName } from "../../columns/shown-columns.ts";

/** What `kubectl get roles` shows. */
export const roleColumns: TableColumns = shownColumns(showsName(), showsCreation);
