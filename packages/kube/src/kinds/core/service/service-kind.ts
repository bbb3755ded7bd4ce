import type { Service } from "../../../object.ts";
import { serviceColumns } from "./service-columns.ts";
import { defaultService } from "./service-defaults.ts";
import { serviceErrors, serviceUpdateErrors } from "./service-errors.ts";
import { serviceQuotaRules } from "./service-quota-rules.ts";
import { serviceWarnings } from "./service-warnings.ts";
import { kind, type Kind } from "../../kind.ts";

/** Services. */
export const serviceKind: Kind = kind("", "v1", "Service", "services", "namespaced", {
  shortNames: ["svc"],
  categories: ["all"],
  applyOrder: 15,
  columns: serviceColumns,
  defaults: defaultService,
  createErrors: serviceErrors,
  updateErrors: serviceUpdateErrors,
  warnings: serviceWarnings,
  quotaRules: serviceQuotaRules,
  storage: {
    status: "isolated",
    createOnUpdate: true,
    returnsDeleted: true,
    selectableFields: (object) => ({
      "spec.clusterIP": (object as Service).spec.clusterIP,
      "spec.type": (object as Service).spec.type,
    }),
  },
});
