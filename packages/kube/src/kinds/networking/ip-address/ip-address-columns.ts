import type { KubeObject } from "../../../object.ts";
import type { TableColumns } from "../../columns/columns.ts";
import { shownColumns, shows, showsName } from "../../columns/shown-columns.ts";
import { valueAt, textAt } from "../../columns/value-at.ts";

/** What `kubectl get ipaddresses` shows. */
export const ipAddressColumns: TableColumns = shownColumns(showsName(), shows("ParentRef", parentOf));

function parentOf(object: KubeObject): string {
  const parent = "spec.parentRef";
  if (valueAt(object, parent) === undefined) return "<none>";
  const group = textAt(object, `${parent}.group`);
  const resource = `${textAt(object, `${parent}.resource`)}${group === "" ? "" : `.${group}`}`.toLowerCase();
  const namespace = textAt(object, `${parent}.namespace`);
  return `${resource}/${namespace === "" ? "" : `${namespace}/`}${textAt(object, `${parent}.name`)}`;
}
