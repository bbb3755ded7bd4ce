import { csiNodeColumns } from "./csi-node-columns.ts";
import { kind, type Kind } from "../../kind.ts";

/** Drivers of storage on a node. */
export const csiNodeKind: Kind = kind("storage.k8s.io", "v1", "CSINode", "csinodes", "cluster", {
  isRecord: true,
  idle: true,
  loadRules: async () => {
    const { csiNodeErrors, csiNodeUpdateErrors } = await import("./csi-node-errors.ts");
    return { createErrors: csiNodeErrors, updateErrors: csiNodeUpdateErrors };
  },
  storage: { status: "none", unconditionalUpdate: false, returnsDeleted: true },
  columns: csiNodeColumns,
});
