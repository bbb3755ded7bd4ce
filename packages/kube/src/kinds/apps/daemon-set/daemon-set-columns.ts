import type { KubeObject, LabelSelector, PodTemplateSpec } from "../../../object.ts";
import { formatLabelSelector } from "../../../selectors/format-label-selector.ts";
import { formatLabels } from "../../../selectors/format-labels.ts";
import { containerCells } from "../template-columns.ts";
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
  shows("Containers", (object) => containerCells(templateOf(object))[0], { wide: true }),
  shows("Images", (object) => containerCells(templateOf(object))[1], { wide: true }),
  shows("Selector", (object) => formatLabelSelector(selectorAt(object)), {
    wide: true,
  }),
);

function templateOf(object: KubeObject): PodTemplateSpec | undefined {
  return valueAt(object, "spec.template") as PodTemplateSpec | undefined;
}

function selectorAt(object: KubeObject): LabelSelector {
  return valueAt(object, "spec.selector") ?? {};
}
