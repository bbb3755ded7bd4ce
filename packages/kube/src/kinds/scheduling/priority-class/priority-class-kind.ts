import { whenAbsent } from "../../../defaults/fill-in.ts";
import { priorityClassColumns } from "./priority-class-columns.ts";
import { kind, type Kind } from "../../kind.ts";

/** PriorityClasses. */
export const priorityClassKind: Kind = kind(
  "scheduling.k8s.io",
  "v1",
  "PriorityClass",
  "priorityclasses",
  "cluster",
  {
    shortNames: ["pc"],
    applyOrder: 2,
    defaults: (priority) => whenAbsent(priority, "preemptionPolicy", "PreemptLowerPriority"),
    loadRules: async () => {
      const { priorityClassErrors, priorityClassUpdateErrors } = await import("./priority-class-errors.ts");
      return { createErrors: priorityClassErrors, updateErrors: priorityClassUpdateErrors };
    },
    // It has a generation, which nothing raises.
    storage: { status: "none", generationInputs: () => 1 },
    columns: priorityClassColumns,
  },
);
