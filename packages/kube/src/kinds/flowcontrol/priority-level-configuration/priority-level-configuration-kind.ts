import { priorityLevelConfigurationColumns } from "./priority-level-configuration-columns.ts";
import { defaultPriorityLevelConfiguration } from "./priority-level-configuration-defaults.ts";
import { priorityLevelConfigurationErrors } from "./priority-level-configuration-errors.ts";
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
    createErrors: priorityLevelConfigurationErrors,
    updateErrors: priorityLevelConfigurationErrors,
    storage: { status: "isolated", newStatus: {}, generationInputs: ({ spec }) => spec },
    columns: priorityLevelConfigurationColumns,
    defaults: defaultPriorityLevelConfiguration,
  },
);
