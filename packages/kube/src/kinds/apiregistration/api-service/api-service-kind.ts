import { apiServiceColumns } from "./api-service-columns.ts";
import { kind, type Kind } from "../../kind.ts";

/** API servers beside this one. */
export const apiServiceKind: Kind = kind(
  "apiregistration.k8s.io",
  "v1",
  "APIService",
  "apiservices",
  "cluster",
  {
    categories: ["api-extensions"],
    loadRules: async () => {
      const { apiServiceErrors, apiServiceUpdateErrors } = await import("./api-service-errors.ts");
      return { createErrors: apiServiceErrors, updateErrors: apiServiceUpdateErrors };
    },
    storage: { status: "isolated", newStatus: {}, unconditionalUpdate: false },
    columns: apiServiceColumns,
  },
);
