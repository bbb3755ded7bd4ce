import { serviceCIDRColumns } from "./service-cidr-columns.ts";
import { serviceCidrErrors, serviceCidrUpdateErrors } from "./service-cidr-errors.ts";
import { kind, type Kind } from "../../kind.ts";

/** Ranges of addresses of Services. */
export const serviceCIDRKind: Kind = kind(
  "networking.k8s.io",
  "v1",
  "ServiceCIDR",
  "servicecidrs",
  "cluster",
  {
    offVersions: ["v1beta1"],
    idle: true,
    createErrors: serviceCidrErrors,
    updateErrors: serviceCidrUpdateErrors,
    storage: { status: "isolated", newStatus: {}, returnsDeleted: true },
    columns: serviceCIDRColumns,
  },
);
