import type { KubeObject } from "../../../object.ts";
import type { TableColumns } from "../../columns/columns.ts";
import { shownColumns, shows, showsAge, showsName } from "../../columns/shown-columns.ts";
import { textAt, listAt } from "../../columns/value-at.ts";

/** What `kubectl get mutatingadmissionpolicies` shows. */
export const mutatingAdmissionPolicyColumns: TableColumns = shownColumns(
  showsName(),
  shows("Mutations", (object) => listAt(object, "spec.mutations").length, { type: "integer" }),
  shows("ParamKind", paramKind),
  showsAge,
);

function paramKind(object: KubeObject): string {
  const kind = textAt(object, "spec.paramKind.kind");
  return kind === "" ? "<unset>" : `${textAt(object, "spec.paramKind.apiVersion")}/${kind}`;
}
