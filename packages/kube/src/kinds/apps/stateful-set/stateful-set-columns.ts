import type { KubeObject, PodTemplateSpec } from "../../../object.ts";
import { containerCells } from "../template-columns.ts";
import type { TableColumns } from "../../columns/columns.ts";
import { shownColumns, shows, showsAge, showsName } from "../../columns/shown-columns.ts";
import { valueAt, numberAt } from "../../columns/value-at.ts";

/** What `kubectl get statefulsets` shows. */
export const statefulSetColumns: TableColumns = shownColumns(
  showsName(),
  shows(
    "Ready",
    (object) => `${numberAt(object, "status.readyReplicas")}/${numberAt(object, "spec.replicas")}`,
  ),
  showsAge,
  shows("Containers", (object) => containerCells(templateOf(object))[0], { wide: true }),
  shows("Images", (object) => containerCells(templateOf(object))[1], { wide: true }),
);

function templateOf(object: KubeObject): PodTemplateSpec | undefined {
  return valueAt(object, "spec.template") as PodTemplateSpec | undefined;
}
