import { mutatingAdmissionPolicyColumns } from "./mutating-admission-policy-columns.ts";
import { kind, type Kind } from "../../kind.ts";

/** Rules in CEL that may change what is written. */
export const mutatingAdmissionPolicyKind: Kind = kind(
  "admissionregistration.k8s.io",
  "v1",
  "MutatingAdmissionPolicy",
  "mutatingadmissionpolicies",
  "cluster",
  {
    offVersions: ["v1beta1", "v1alpha1"],
    categories: ["api-extensions"],
    loadRules: async () => {
      const { mutatingAdmissionPolicyErrors } = await import("./mutating-admission-policy-errors.ts");
      return { createErrors: mutatingAdmissionPolicyErrors, updateErrors: mutatingAdmissionPolicyErrors };
    },
    storage: {
      status: "none",
      unconditionalUpdate: false,
      generationInputs: ({ spec }) => spec,
    },
    columns: mutatingAdmissionPolicyColumns,
  },
);
