import { countRules } from "../../../quota/quota-rules.ts";
import type { Secret } from "../../../object.ts";
import { secretColumns } from "./secret-columns.ts";
import { defaultSecret } from "./secret-defaults.ts";
import { secretErrors, secretUpdateErrors } from "./secret-errors.ts";
import { secretWarnings } from "./secret-warnings.ts";
import { veilSecret } from "./veil-secret.ts";
import { kind, type Kind } from "../../kind.ts";

/** Secrets. */
export const secretKind: Kind = kind("", "v1", "Secret", "secrets", "namespaced", {
  applyOrder: 12,
  columns: secretColumns,
  defaults: defaultSecret,
  createErrors: secretErrors,
  updateErrors: secretUpdateErrors,
  warnings: secretWarnings,
  veil: veilSecret,
  quotaRules: countRules("count/secrets", "secrets"),
  storage: { status: "none", selectableFields: (object) => ({ type: (object as Secret).type }) },
});
