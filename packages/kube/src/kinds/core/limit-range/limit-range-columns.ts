import type { TableColumns } from "../../columns/columns.ts";
import { shownColumns, showsCreation, showsName } from "../../columns/shown-columns.ts";

/** What `kubectl get limitranges` shows. */
export const limitRangeColumns: TableColumns = shownColumns(showsName(), showsCreation);
