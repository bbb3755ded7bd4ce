import { daemonSetColumns } from "./daemon-set-columns.ts";
import { defaultDaemonSet } from "./daemon-set-defaults.ts";
import { kind, type Kind } from "../../kind.ts";

/** DaemonSets. */
export const daemonSetKind: Kind = kind("apps", "v1", "DaemonSet", "daemonsets", "namespaced", {
  shortNames: ["ds"],
  categories: ["all"],
  loadRules: async () => {
    const { daemonSetErrors, daemonSetUpdateErrors } = await import("./daemon-set-errors.ts");
    const { daemonSetWarnings } = await import("./daemon-set-warnings.ts");
    return {
      createErrors: daemonSetErrors,
      updateErrors: daemonSetUpdateErrors,
      warnings: daemonSetWarnings,
    };
  },
  storage: {
    status: "isolated",
    newStatus: {
      currentNumberScheduled: 0,
      numberMisscheduled: 0,
      desiredNumberScheduled: 0,
      numberReady: 0,
    },
    generationInputs: ({ spec }) => spec,
  },
  columns: daemonSetColumns,
  defaults: defaultDaemonSet,
});
