import { podDisruptionBudgetColumns } from "./pod-disruption-budget-columns.ts";
import { kind, type Kind } from "../../kind.ts";

/** PodDisruptionBudgets. */
export const podDisruptionBudgetKind: Kind = kind(
  "policy",
  "v1",
  "PodDisruptionBudget",
  "poddisruptionbudgets",
  "namespaced",
  {
    shortNames: ["pdb"],
    loadRules: async () => {
      const { podDisruptionBudgetErrors } = await import("./pod-disruption-budget-errors.ts");
      return { createErrors: podDisruptionBudgetErrors, updateErrors: podDisruptionBudgetErrors };
    },
    storage: {
      status: "isolated",
      newStatus: { disruptionsAllowed: 0, currentHealthy: 0, desiredHealthy: 0, expectedPods: 0 },
      unconditionalUpdate: false,
      generationInputs: ({ spec }) => spec,
    },
    columns: podDisruptionBudgetColumns,
  },
);
