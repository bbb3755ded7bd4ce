import { networkPolicyColumns } from "./network-policy-columns.ts";
import { defaultNetworkPolicy } from "./network-policy-defaults.ts";
import {
  networkPolicyErrors,
  networkPolicyUpdateErrors,
  networkPolicyWarnings,
} from "./network-policy-errors.ts";
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
    idle: true,
    createErrors: networkPolicyErrors,
    updateErrors: networkPolicyUpdateErrors,
    warnings: networkPolicyWarnings,
    storage: { status: "none", generationInputs: ({ spec }) => spec },
    columns: networkPolicyColumns,
    defaults: defaultNetworkPolicy,
  },
);
