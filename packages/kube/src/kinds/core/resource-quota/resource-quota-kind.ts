import { countRules } from "../../../quota/quota-rules.ts";
import { resourceQuotaColumns } from "./resource-quota-columns.ts";
import { kind, type Kind } from "../../kind.ts";

/** ResourceQuotas. */
export const resourceQuotaKind: Kind = kind("", "v1", "ResourceQuota", "resourcequotas", "namespaced", {
  shortNames: ["quota"],
  applyOrder: 4,
  loadRules: async () => {
    const { resourceQuotaErrors, resourceQuotaUpdateErrors } = await import("./resource-quota-errors.ts");
    return { createErrors: resourceQuotaErrors, updateErrors: resourceQuotaUpdateErrors };
  },
  quotaRules: countRules("count/resourcequotas", "resourcequotas"),
  storage: { status: "isolated", newStatus: {}, returnsDeleted: true },
  columns: resourceQuotaColumns,
});
