import { limitRangeColumns } from "./limit-range-columns.ts";
import { kind, type Kind } from "../../kind.ts";

/** Limits and defaults of containers, pods and claims in a namespace. */
export const limitRangeKind: Kind = kind("", "v1", "LimitRange", "limitranges", "namespaced", {
  shortNames: ["limits"],
  applyOrder: 5,
  loadRules: async () => {
    const { limitRangeErrors } = await import("./limit-range-errors.ts");
    return { createErrors: limitRangeErrors, updateErrors: limitRangeErrors };
  },
  storage: { status: "none", createOnUpdate: true },
  columns: limitRangeColumns,
});
