import { runtimeClassColumns } from "./runtime-class-columns.ts";
import { kind, type Kind } from "../../kind.ts";

/** RuntimeClasses. */
export const runtimeClassKind: Kind = kind("node.k8s.io", "v1", "RuntimeClass", "runtimeclasses", "cluster", {
  loadRules: async () => {
    const { runtimeClassErrors, runtimeClassUpdateErrors } = await import("./runtime-class-errors.ts");
    const { runtimeClassWarnings } = await import("./runtime-class-warnings.ts");
    return {
      createErrors: runtimeClassErrors,
      updateErrors: runtimeClassUpdateErrors,
      warnings: runtimeClassWarnings,
    };
  },
  storage: { status: "none", createOnUpdate: true, unconditionalUpdate: false },
  columns: runtimeClassColumns,
});
