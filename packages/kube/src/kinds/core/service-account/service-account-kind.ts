import { kind, type Kind } from "../../kind.ts";

/** ServiceAccounts. */
export const serviceAccountKind: Kind = kind("", "v1", "ServiceAccount", "serviceaccounts", "namespaced", {
  shortNames: ["sa"],
  applyOrder: 6,
  storage: { status: "none", returnsDeleted: true },
});
