import { roleColumns } from "../role-columns.ts";
import { roleErrors, roleUpdateErrors } from "./role-errors.ts";
import { kind, type Kind } from "../../kind.ts";

/** What may be done in a namespace. */
export const roleKind: Kind = kind("rbac.authorization.k8s.io", "v1", "Role", "roles", "namespaced", {
  applyOrder: 7,
  createErrors: roleErrors,
  updateErrors: roleUpdateErrors,
  storage: { status: "none", createOnUpdate: true },
  columns: roleColumns,
});
