import { resourceClaimColumns } from "./resource-claim-columns.ts";
import { resourceClaimErrors, resourceClaimUpdateErrors } from "./resource-claim-errors.ts";
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
    createErrors: resourceClaimErrors,
    updateErrors: resourceClaimUpdateErrors,
    storage: { status: "isolated", newStatus: {}, returnsDeleted: true },
    columns: resourceClaimColumns,
  },
);
