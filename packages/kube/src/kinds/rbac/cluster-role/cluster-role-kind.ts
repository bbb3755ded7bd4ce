import { roleColumns } from "../role-columns.ts";
import { clusterRoleErrors, clusterRoleUpdateErrors } from "./cluster-role-errors.ts";
import { kind, type Kind } from "../../kind.ts";

/** What may be done in all namespaces, or outside of them. */
export const clusterRoleKind: Kind = kind(
  "rbac.authorization.k8s.io",
  "v1",
  "ClusterRole",
  "clusterroles",
  "cluster",
  {
    applyOrder: 7,
    createErrors: clusterRoleErrors,
    updateErrors: clusterRoleUpdateErrors,
    storage: { status: "none", createOnUpdate: true },
    columns: roleColumns,
  },
);
