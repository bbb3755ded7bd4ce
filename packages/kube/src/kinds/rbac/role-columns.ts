import type { KubeObject } from "../../object.ts";
import type { TableColumns } from "../columns/columns.ts";
import { shownColumns, shows, showsAge, showsCreation, showsName } from "../columns/shown-columns.ts";
import { listAt, textAt } from "../columns/value-at.ts";

/** What `kubectl get` shows of Roles and ClusterRoles. */
export const roleColumns: TableColumns = shownColumns(showsName(), showsCreation);

/** What `kubectl get` shows of RoleBindings and ClusterRoleBindings. */
export const bindingColumns: TableColumns = shownColumns(
  showsName(),
  shows("Role", (object) => `${textAt(object, "roleRef.kind")}/${textAt(object, "roleRef.name")}`),
  showsAge,
  shows("Users", (object) => subjectsOf(object, "User"), { wide: true }),
  shows("Groups", (object) => subjectsOf(object, "Group"), { wide: true }),
  shows("ServiceAccounts", (object) => subjectsOf(object, "ServiceAccount"), { wide: true }),
);

/** The subjects of a binding that are of one kind, ServiceAccounts with their namespaces. */
function subjectsOf(object: KubeObject, kind: "User" | "Group" | "ServiceAccount"): string {
  return listAt(object, "subjects")
    .filter((subject) => textAt(subject, "kind") === kind)
    .map((subject) => {
      const name = textAt(subject, "name");
      return kind === "ServiceAccount" ? `${textAt(subject, "namespace")}/${name}` : name;
    })
    .join(", ");
}
