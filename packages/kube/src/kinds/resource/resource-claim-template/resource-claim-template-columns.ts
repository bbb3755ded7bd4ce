import type { TableColumns } from "../../columns/columns.ts";
import { shownColumns, showsAge, showsName } from "../../columns/shown-columns.ts";

/** What `kubectl get resourceclaimtemplates` shows. */
export const resourceClaimTemplateColumns: TableColumns = shownColumns(showsName(), showsAge);
