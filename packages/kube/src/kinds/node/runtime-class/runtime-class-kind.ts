import { runtimeClassColumns } from "./runtime-class-columns.ts";
import { kind, type Kind } from "../../kind.ts";

/** RuntimeClasses. */
export const runtimeClassKind: Kind = kind("node.k8s.io", "v1", "RuntimeClass", "runtimeclasses", "cluster", {
  storage: { status: "none", createOnUpdate: true, unconditionalUpdate: false },
  columns: runtimeClassColumns,
});
