import { numberAt } from "../../columns/value-at.ts";
import { jobColumns } from "./job-columns.ts";
import { defaultJob } from "./job-defaults.ts";
import { jobErrors, jobUpdateErrors } from "./job-errors.ts";
import { jobWarnings } from "./job-warnings.ts";
import { kind, type Kind } from "../../kind.ts";

/** Jobs. */
export const jobKind: Kind = kind("batch", "v1", "Job", "jobs", "namespaced", {
  categories: ["all"],
  idle: true,
  createErrors: jobErrors,
  updateErrors: jobUpdateErrors,
  warnings: jobWarnings,
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
