import { validatingAdmissionPolicyColumns } from "./validating-admission-policy-columns.ts";
import { kind, type Kind } from "../../kind.ts";

/** Rules in CEL that may refuse what is written. */
export const validatingAdmissionPolicyKind: Kind = kind(
  "admissionregistration.k8s.io",
  "v1",
  "ValidatingAdmissionPolicy",
  "validatingadmissionpolicies",
  "cluster",
  {
    categories: ["api-extensions"],
    loadRules: async () => {
      const { validatingAdmissionPolicyErrors } = await import("./validating-admission-policy-errors.ts");
      return { createErrors: validatingAdmissionPolicyErrors, updateErrors: validatingAdmissionPolicyErrors };
    },
    storage: {
      status: "isolated",
      newStatus: {},
      unconditionalUpdate: false,
      generationInputs: ({ spec }) => spec,
    },
    columns: validatingAdmissionPolicyColumns,
  },
);
