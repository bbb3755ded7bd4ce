import { priorityLevelConfigurationColumns } from "./priority-level-configuration-columns.ts";
import { defaultPriorityLevelConfiguration } from "./priority-level-configuration-defaults.ts";
import { kind, type Kind } from "../../kind.ts";

/** PriorityLevelConfigurations. */
export const priorityLevelConfigurationKind: Kind = kind(
  "flowcontrol.apiserver.k8s.io",
  "v1",
  "PriorityLevelConfiguration",
  "prioritylevelconfigurations",
  "cluster",
  {
    idle: true,
    loadRules: async () => {
      const { priorityLevelConfigurationErrors } = await import("./priority-level-configuration-errors.ts");
      return {
        createErrors: priorityLevelConfigurationErrors,
        updateErrors: priorityLevelConfigurationErrors,
      };
    },
    storage: { status: "isolated", newStatus: {}, generationInputs: ({ spec }) => spec },
    columns: priorityLevelConfigurationColumns,
    defaults: defaultPriorityLevelConfiguration,
  },
);
