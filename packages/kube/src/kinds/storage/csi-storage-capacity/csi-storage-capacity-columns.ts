import type { TableColumns } from "../../columns/columns.ts";
import { shownColumns, showsCreation, showsName } from "../../columns/shown-columns.ts";

/** What `kubectl get csistoragecapacities` shows. */
export const csiStorageCapacityColumns: TableColumns = shownColumns(showsName(), showsCreation);
