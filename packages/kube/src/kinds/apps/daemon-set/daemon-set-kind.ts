import { daemonSetColumns } from "./daemon-set-columns.ts";
import { defaultDaemonSet } from "./daemon-set-defaults.ts";
import { daemonSetErrors, daemonSetUpdateErrors } from "./daemon-set-errors.ts";
import { daemonSetWarnings } from "./daemon-set-warnings.ts";
import { kind, type Kind } from "../../kind.ts";

/** DaemonSets. */
export const daemonSetKind: Kind = kind("apps", "v1", "DaemonSet", "daemonsets", "namespaced", {
  shortNames: ["ds"],
  categories: ["all"],
  idle: true,
  createErrors: daemonSetErrors,
  updateErrors: daemonSetUpdateErrors,
  warnings: daemonSetWarnings,
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
