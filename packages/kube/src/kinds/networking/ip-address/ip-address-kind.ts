import { ipAddressColumns } from "./ip-address-columns.ts";
import { kind, type Kind } from "../../kind.ts";

/** Addresses of Services. */
export const ipAddressKind: Kind = kind("networking.k8s.io", "v1", "IPAddress", "ipaddresses", "cluster", {
  isRecord: true,
  offVersions: ["v1beta1"],
  shortNames: ["ip"],
  idle: true,
  loadRules: async () => {
    const { ipAddressErrors, ipAddressUpdateErrors } = await import("./ip-address-errors.ts");
    return { createErrors: ipAddressErrors, updateErrors: ipAddressUpdateErrors };
  },
  storage: { status: "none" },
  columns: ipAddressColumns,
});
