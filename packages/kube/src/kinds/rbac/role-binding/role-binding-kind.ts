import { defaultBinding } from "../default-binding.ts";
import { bindingColumns } from "../role-columns.ts";
import { roleBindingErrors, roleBindingUpdateErrors } from "./role-binding-errors.ts";
import { kind, type Kind } from "../../kind.ts";

/** Who may do what a role says, in a namespace. */
export const roleBindingKind: Kind = kind(
  "rbac.authorization.k8s.io",
  "v1",
  "RoleBinding",
  "rolebindings",
  "namespaced",
  {
    applyOrder: 8,
    defaults: defaultBinding,
    createErrors: roleBindingErrors,
    updateErrors: roleBindingUpdateErrors,
    storage: { status: "none", createOnUpdate: true },
    columns: bindingColumns,
  },
);
