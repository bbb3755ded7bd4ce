import type { TableColumns } from "../../columns/columns.ts";
import { shownColumns, shows, showsAge, showsName } from "../../columns/shown-columns.ts";
import { textAt, numberAt } from "../../columns/value-at.ts";

/** What `kubectl get poddisruptionbudgets` shows. */
export const podDisruptionBudgetColumns: TableColumns = shownColumns(
  showsName(),
  shows("Min Available", (object) => textAt(object, "spec.minAvailable", "N/A")),
  shows("Max Unavailable", (object) => textAt(object, "spec.maxUnavailable", "N/A")),
  shows("Allowed Disruptions", (object) => numberAt(object, "status.disruptionsAllowed"), {
    type: "integer",
  }),
  showsAge,
);
