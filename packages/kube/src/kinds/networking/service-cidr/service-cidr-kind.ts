import { serviceCIDRColumns } from "./service-cidr-columns.ts";
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
    loadRules: async () => {
      const { serviceCidrErrors, serviceCidrUpdateErrors } = await import("./service-cidr-errors.ts");
      return { createErrors: serviceCidrErrors, updateErrors: serviceCidrUpdateErrors };
    },
    storage: { status: "isolated", newStatus: {}, returnsDeleted: true },
    columns: serviceCIDRColumns,
  },
);
