import type { KubeObject } from "../../../object.ts";
import { groupOf } from "../../group-of.ts";
import type { TableColumns } from "../../columns/columns.ts";
import { shownColumns, shows, showsAge, showsName } from "../../columns/shown-columns.ts";
import { numberAt } from "../../columns/value-at.ts";

/** What `kubectl get controllerrevisions` shows. */
export const controllerRevisionColumns: TableColumns = shownColumns(
  showsName(),
  shows("Controller", controllerOf),
  shows("Revision", (object) => numberAt(object, "revision")),
  showsAge,
);

function controllerOf({ metadata }: KubeObject): string {
  const owner = metadata.ownerReferences?.find(({ controller }) => controller === true);
  if (owner === undefined) return "<none>";
  const group = groupOf(owner.apiVersion);
  return `${owner.kind}${group === "" ? "" : `.${group}`}`.toLowerCase() + `/${owner.name}`;
}
