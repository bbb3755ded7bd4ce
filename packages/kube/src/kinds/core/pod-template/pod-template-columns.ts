import type { KubeObject, PodTemplateSpec } from "../../../object.ts";
import { formatLabels } from "../../../selectors/format-labels.ts";
import { containerCells } from "../../apps/template-columns.ts";
import type { TableColumns } from "../../columns/columns.ts";
import { shownColumns, shows, showsName } from "../../columns/shown-columns.ts";
import { valueAt } from "../../columns/value-at.ts";

/** What `kubectl get podtemplates` shows. */
export const podTemplateColumns: TableColumns = shownColumns(
  showsName(),
  shows("Containers", (object) => containerCells(templateOf(object))[0]),
  shows("Images", (object) => containerCells(templateOf(object))[1]),
  shows("Pod Labels", (object) => formatLabels(templateOf(object)?.metadata?.labels)),
);

function templateOf(object: KubeObject): PodTemplateSpec | undefined {
  return valueAt(object, "template") as PodTemplateSpec | undefined;
}
