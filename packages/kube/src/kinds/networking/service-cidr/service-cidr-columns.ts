import type { TableColumns } from "../../columns/columns.ts";
import { shownColumns, shows, showsAge, showsName } from "../../columns/shown-columns.ts";
import { listAt } from "../../columns/value-at.ts";

/** What `kubectl get servicecidrs` shows. */
export const serviceCIDRColumns: TableColumns = shownColumns(
  showsName(),
  shows("CIDRs", (object) => listAt(object, "spec.cidrs").join(",")),
  showsAge,
);
