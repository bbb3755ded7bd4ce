import type { TableColumns } from "../../columns/columns.ts";
import { shownColumns, showsCreation, showsName } from "../../columns/shown-columns.ts";

/** What `kubectl get clusterroles` shows. */
export const clusterRoleColumns: TableColumns = shownColumns(showsName(), showsCreation);
