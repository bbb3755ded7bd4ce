import { policyBindingColumns } from "../policy-binding-columns.ts";
import { kind, type Kind } from "../../kind.ts";

/** What such rules are bound to. */
export const mutatingAdmissionPolicyBindingKind: Kind = kind(
  "admissionregistration.k8s.io",
  "v1",
  "MutatingAdmissionPolicyBinding",
  "mutatingadmissionpolicybindings",
  "cluster",
  {
    offVersions: ["v1beta1", "v1alpha1"],
    categories: ["api-extensions"],
    loadRules: async () => {
      const { mutatingAdmissionPolicyBindingErrors } =
        await import("./mutating-admission-policy-binding-errors.ts");
      return {
        createErrors: mutatingAdmissionPolicyBindingErrors,
        updateErrors: mutatingAdmissionPolicyBindingErrors,
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
