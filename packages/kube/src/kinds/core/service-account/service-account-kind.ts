import {
  serviceAccountErrors,
  serviceAccountUpdateErrors,
  serviceAccountWarnings,
} from "./service-account-errors.ts";
import { kind, type Kind } from "../../kind.ts";

/** ServiceAccounts. */
export const serviceAccountKind: Kind = kind("", "v1", "ServiceAccount", "serviceaccounts", "namespaced", {
  shortNames: ["sa"],
  applyOrder: 6,
  createErrors: serviceAccountErrors,
  updateErrors: serviceAccountUpdateErrors,
  warnings: serviceAccountWarnings,
  storage: { status: "none", returnsDeleted: true },
});
