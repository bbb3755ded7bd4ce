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
    storage: { status: "isolated", newStatus: {}, returnsDeleted: true },
    columns: serviceCIDRColumns,
  },
);
