import { resourceClaimColumns } from "./resource-claim-columns.ts";
import { kind, type Kind } from "../../kind.ts";

/** Claims of devices. */
export const resourceClaimKind: Kind = kind(
  "resource.k8s.io",
  "v1",
  "ResourceClaim",
  "resourceclaims",
  "namespaced",
  {
    offVersions: ["v1beta2", "v1beta1"],
    idle: true,
    loadRules: async () => {
      const { resourceClaimErrors, resourceClaimUpdateErrors } = await import("./resource-claim-errors.ts");
      return { createErrors: resourceClaimErrors, updateErrors: resourceClaimUpdateErrors };
    },
    storage: { status: "isolated", newStatus: {}, returnsDeleted: true },
    columns: resourceClaimColumns,
  },
);
