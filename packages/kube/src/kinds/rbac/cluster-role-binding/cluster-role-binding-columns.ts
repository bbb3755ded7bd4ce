import { subjectsOf } from "../subjects-of.ts";
import type { TableColumns } from "../../columns/columns.ts";
import { shownColumns, shows, showsAge, showsName } from "../../columns/shown-columns.ts";
import { textAt } from "../../columns/value-at.ts";

/** What `kubectl get clusterrolebindings` shows. */
export const clusterRoleBindingColumns: TableColumns = shownColumns(
  showsName(),
  shows("Role", (object) => `${textAt(object, "roleRef.kind")}/${textAt(object, "roleRef.name")}`),
  showsAge,
  shows("Users", (object) => subjectsOf(object, "User"), { wide: true }),
  shows("Groups", (object) => subjectsOf(object, "Group"), { wide: true }),
  shows("ServiceAccounts", (object) => subjectsOf(object, "ServiceAccount"), { wide: true }),
);
