import { networkPolicyColumns } from "./network-policy-columns.ts";
import { defaultNetworkPolicy } from "./network-policy-defaults.ts";
import { kind, type Kind } from "../../kind.ts";

/** NetworkPolicies. */
export const networkPolicyKind: Kind = kind(
  "networking.k8s.io",
  "v1",
  "NetworkPolicy",
  "networkpolicies",
  "namespaced",
  {
    shortNames: ["netpol"],
    loadRules: async () => {
      const { networkPolicyErrors, networkPolicyUpdateErrors, networkPolicyWarnings } =
        await import("./network-policy-errors.ts");
      return {
        createErrors: networkPolicyErrors,
        updateErrors: networkPolicyUpdateErrors,
        warnings: networkPolicyWarnings,
      };
    },
    storage: { status: "none", generationInputs: ({ spec }) => spec },
    columns: networkPolicyColumns,
    defaults: defaultNetworkPolicy,
  },
);
