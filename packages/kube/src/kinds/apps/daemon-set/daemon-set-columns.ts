import type { KubeObject, PodTemplateSpec } from "../../../object.ts";
import { formatLabels } from "../../../selectors/format-labels.ts";
import { showsContainers, showsSelector } from "../template-columns.ts";
import type { TableColumns } from "../../columns/columns.ts";
import { shownColumns, shows, showsAge, showsName } from "../../columns/shown-columns.ts";
import { valueAt, numberAt } from "../../columns/value-at.ts";

/** What `kubectl get daemonsets` shows. */
export const daemonSetColumns: TableColumns = shownColumns(
  showsName(),
  shows("Desired", (object) => numberAt(object, "status.desiredNumberScheduled"), { type: "integer" }),
  shows("Current", (object) => numberAt(object, "status.currentNumberScheduled"), { type: "integer" }),
  shows("Ready", (object) => numberAt(object, "status.numberReady"), { type: "integer" }),
  shows("Up-to-date", (object) => numberAt(object, "status.updatedNumberScheduled"), { type: "integer" }),
  shows("Available", (object) => numberAt(object, "status.numberAvailable"), { type: "integer" }),
  shows("Node Selector", (object) => formatLabels(templateOf(object)?.spec.nodeSelector)),
  showsAge,
  ...showsContainers("spec.template"),
  showsSelector("spec.selector"),
);

function templateOf(object: KubeObject): PodTemplateSpec | undefined {
  return valueAt(object, "spec.template") as PodTemplateSpec | undefined;
}
