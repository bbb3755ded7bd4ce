import type { Namespace } from "../../../object.ts";
import { namespaceColumns } from "./namespace-columns.ts";
import { defaultNamespace } from "./namespace-defaults.ts";
import { namespaceErrors, namespaceUpdateErrors } from "./namespace-errors.ts";
import { kind, type Kind } from "../../kind.ts";

/** Namespaces. */
export const namespaceKind: Kind = kind("", "v1", "Namespace", "namespaces", "cluster", {
  shortNames: ["ns"],
  applyOrder: 1,
  columns: namespaceColumns,
  defaults: defaultNamespace,
  createErrors: namespaceErrors,
  updateErrors: namespaceUpdateErrors,
  storage: {
    status: "isolated",
    returnsDeleted: true,
    deletesCollections: false,
    selectableFields: (object) => ({ "status.phase": (object as Namespace).status?.phase }),
  },
});
