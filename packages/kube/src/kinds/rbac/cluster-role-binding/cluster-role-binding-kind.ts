import { defaultBinding } from "../default-binding.ts";
import { bindingColumns } from "../role-columns.ts";
import { clusterRoleBindingErrors, clusterRoleBindingUpdateErrors } from "./cluster-role-binding-errors.ts";
import { kind, type Kind } from "../../kind.ts";

/** Who may do what a role says, everywhere. */
export const clusterRoleBindingKind: Kind = kind(
  "rbac.authorization.k8s.io",
  "v1",
  "ClusterRoleBinding",
  "clusterrolebindings",
  "cluster",
  {
    applyOrder: 8,
    defaults: defaultBinding,
    createErrors: clusterRoleBindingErrors,
    updateErrors: clusterRoleBindingUpdateErrors,
    storage: { status: "none", createOnUpdate: true },
    columns: bindingColumns,
  },
);
