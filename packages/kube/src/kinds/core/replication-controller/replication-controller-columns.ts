import { formatLabels } from "../../../selectors/format-labels.ts";
import { showsContainers } from "../../apps/template-columns.ts";
import type { TableColumns } from "../../columns/columns.ts";
import { shownColumns, shows, showsAge, showsName } from "../../columns/shown-columns.ts";
import { valueAt, numberAt } from "../../columns/value-at.ts";

/** What `kubectl get replicationcontrollers` shows. */
export const replicationControllerColumns: TableColumns = shownColumns(
  showsName(),
  shows("Desired", (object) => numberAt(object, "spec.replicas"), { type: "integer" }),
  shows("Current", (object) => numberAt(object, "status.replicas"), { type: "integer" }),
  shows("Ready", (object) => numberAt(object, "status.readyReplicas"), { type: "integer" }),
  showsAge,
  ...showsContainers("spec.template"),
  shows("Selector", (object) => formatLabels(valueAt(object, "spec.selector")), { wide: true }),
);
