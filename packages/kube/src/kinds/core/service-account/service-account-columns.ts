import type { TableColumns } from "../../columns/columns.ts";
import { shownColumns, showsAge, showsName } from "../../columns/shown-columns.ts";

/** What `kubectl get serviceaccounts` shows. */
export const serviceAccountColumns: TableColumns = shownColumns(showsName(), showsAge);
