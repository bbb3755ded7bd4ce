import type { KubeObject } from "../../../object.ts";
import type { TableColumns } from "../../columns/columns.ts";
import { shownColumns, shows, showsAge, showsName } from "../../columns/shown-columns.ts";
import { textAt, listAt } from "../../columns/value-at.ts";

/** What `kubectl get apiservices` shows. */
export const apiServiceColumns: TableColumns = shownColumns(
  showsName(),
  shows("Service", serviceOf),
  shows("Available", available),
  showsAge,
);

function serviceOf(object: KubeObject): string {
  const name = textAt(object, "spec.service.name");
  return name === "" ? "Local" : `${textAt(object, "spec.service.namespace")}/${name}`;
}

function available(object: KubeObject): string {
  const condition = listAt(object, "status.conditions").find((each) => textAt(each, "type") === "Available");
  const status = textAt(condition, "status", "Unknown");
  return status === "False" ? `False (${textAt(condition, "reason")})` : status;
}
