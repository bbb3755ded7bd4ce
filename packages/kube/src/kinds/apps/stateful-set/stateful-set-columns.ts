import { showsContainers } from "../template-columns.ts";
import type { TableColumns } from "../../columns/columns.ts";
import { shownColumns, shows, showsAge, showsName } from "../../columns/shown-columns.ts";
import { numberAt } from "../../columns/value-at.ts";

/** What `kubectl get statefulsets` shows. */
export const statefulSetColumns: TableColumns = shownColumns(
  showsName(),
  shows(
    "Ready",
    (object) => `${numberAt(object, "status.readyReplicas")}/${numberAt(object, "spec.replicas")}`,
  ),
  showsAge,
  ...showsContainers("spec.template"),
);
