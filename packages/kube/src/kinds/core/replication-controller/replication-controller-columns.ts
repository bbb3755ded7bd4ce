import type { KubeObject, PodTemplateSpec } from "../../../object.ts";
import { formatLabels } from "../../../selectors/format-labels.ts";
import { containerCells } from "../../apps/template-columns.ts";
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
  shows("Containers", (object) => containerCells(templateOf(object))[0], { wide: true }),
  shows("Images", (object) => containerCells(templateOf(object))[1], { wide: true }),
  shows("Selector", (object) => formatLabels(valueAt(object, "spec.selector")), { wide: true }),
);

function templateOf(object: KubeObject): PodTemplateSpec | undefined {
  return valueAt(object, "spec.template") as PodTemplateSpec | undefined;
}
