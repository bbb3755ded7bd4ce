import { countRules } from "../../../quota/quota-rules.ts";
import { configMapColumns } from "./config-map-columns.ts";
import { configMapErrors, configMapUpdateErrors } from "./config-map-errors.ts";
import { kind, type Kind } from "../../kind.ts";

/** ConfigMaps. */
export const configMapKind: Kind = kind("", "v1", "ConfigMap", "configmaps", "namespaced", {
  shortNames: ["cm"],
  applyOrder: 11,
  columns: configMapColumns,
  createErrors: configMapErrors,
  updateErrors: configMapUpdateErrors,
  quotaRules: countRules("count/configmaps", "configmaps"),
  storage: { status: "none" },
});
