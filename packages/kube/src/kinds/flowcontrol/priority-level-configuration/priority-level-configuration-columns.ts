import type { KubeObject } from "../../../object.ts";
import type { Cell } from "../../columns/columns.ts";
import type { TableColumns } from "../../columns/columns.ts";
import { shownColumns, shows, showsAge, showsName } from "../../columns/shown-columns.ts";
import { valueAt, textAt } from "../../columns/value-at.ts";

/** What `kubectl get prioritylevelconfigurations` shows. */
export const priorityLevelConfigurationColumns: TableColumns = shownColumns(
  showsName(),
  shows("Type", (object) => textAt(object, "spec.type")),
  shows("NominalConcurrencyShares", (object) => cellOf(object, "spec.limited.nominalConcurrencyShares")),
  shows("Queues", (object) => cellOf(object, "spec.limited.limitResponse.queuing.queues")),
  shows("HandSize", (object) => cellOf(object, "spec.limited.limitResponse.queuing.handSize")),
  shows("QueueLengthLimit", (object) =>
    cellOf(object, "spec.limited.limitResponse.queuing.queueLengthLimit"),
  ),
  showsAge,
);

function cellOf(object: KubeObject, path: string): Cell {
  return (valueAt(object, path) ?? "<none>") as Cell;
}
