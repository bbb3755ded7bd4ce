import { statefulSetColumns } from "./stateful-set-columns.ts";
import { defaultStatefulSet } from "./stateful-set-defaults.ts";
import { kind, type Kind } from "../../kind.ts";

/** StatefulSets. */
export const statefulSetKind: Kind = kind("apps", "v1", "StatefulSet", "statefulsets", "namespaced", {
  shortNames: ["sts"],
  categories: ["all"],
  loadRules: async () => {
    const { statefulSetErrors, statefulSetUpdateErrors } = await import("./stateful-set-errors.ts");
    const { statefulSetWarnings } = await import("./stateful-set-warnings.ts");
    return {
      createErrors: statefulSetErrors,
      updateErrors: statefulSetUpdateErrors,
      warnings: statefulSetWarnings,
    };
  },
  storage: {
    status: "isolated",
    newStatus: { replicas: 0, availableReplicas: 0 },
    hasScale: true,
    generationInputs: ({ spec }) => spec,
  },
  columns: statefulSetColumns,
  defaults: defaultStatefulSet,
});
