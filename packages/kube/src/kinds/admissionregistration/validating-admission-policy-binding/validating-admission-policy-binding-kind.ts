import { policyBindingColumns } from "../policy-binding-columns.ts";
import { kind, type Kind } from "../../kind.ts";

/** What such rules are bound to. */
export const validatingAdmissionPolicyBindingKind: Kind = kind(
  "admissionregistration.k8s.io",
  "v1",
  "ValidatingAdmissionPolicyBinding",
  "validatingadmissionpolicybindings",
  "cluster",
  {
    categories: ["api-extensions"],
    loadRules: async () => {
      const { validatingAdmissionPolicyBindingErrors } =
        await import("./validating-admission-policy-binding-errors.ts");
      return {
        createErrors: validatingAdmissionPolicyBindingErrors,
        updateErrors: validatingAdmissionPolicyBindingErrors,
      };
    },
    storage: {
      status: "none",
      unconditionalUpdate: false,
      generationInputs: ({ spec }) => spec,
    },
    columns: policyBindingColumns,
  },
);
