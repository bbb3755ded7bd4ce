import { numberAt } from "../../columns/value-at.ts";
import { jobColumns } from "./job-columns.ts";
import { defaultJob } from "./job-defaults.ts";
import { kind, type Kind } from "../../kind.ts";

/** Jobs. */
export const jobKind: Kind = kind("batch", "v1", "Job", "jobs", "namespaced", {
  categories: ["all"],
  loadRules: async () => {
    const { jobErrors, jobUpdateErrors } = await import("./job-errors.ts");
    const { jobWarnings } = await import("./job-warnings.ts");
    return { createErrors: jobErrors, updateErrors: jobUpdateErrors, warnings: jobWarnings };
  },
  storage: {
    status: "isolated",
    newStatus: {},
    returnsDeleted: true,
    generationInputs: ({ spec }) => spec,
    selectableFields: (object) => ({ "status.successful": String(numberAt(object, "status.succeeded")) }),
  },
  columns: jobColumns,
  defaults: defaultJob,
});
