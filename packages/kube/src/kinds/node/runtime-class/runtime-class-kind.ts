import { runtimeClassColumns } from "./runtime-class-columns.ts";
import { runtimeClassErrors, runtimeClassUpdateErrors } from "./runtime-class-errors.ts";
import { runtimeClassWarnings } from "./runtime-class-warnings.ts";
import { kind, type Kind } from "../../kind.ts";

/** RuntimeClasses. */
export const runtimeClassKind: Kind = kind("node.k8s.io", "v1", "RuntimeClass", "runtimeclasses", "cluster", {
  createErrors: runtimeClassErrors,
  updateErrors: runtimeClassUpdateErrors,
  warnings: runtimeClassWarnings,
  storage: { status: "none", createOnUpdate: true, unconditionalUpdate: false },
  columns: runtimeClassColumns,
});
