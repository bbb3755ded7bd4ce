import { csiDriverColumns } from "./csi-driver-columns.ts";
import { defaultCSIDriver } from "./csi-driver-defaults.ts";
import { kind, type Kind } from "../../kind.ts";

/** Drivers of storage. */
export const csiDriverKind: Kind = kind("storage.k8s.io", "v1", "CSIDriver", "csidrivers", "cluster", {
  idle: true,
  loadRules: async () => {
    const { csiDriverErrors, csiDriverUpdateErrors, csiDriverWarnings } =
      await import("./csi-driver-errors.ts");
    return {
      createErrors: csiDriverErrors,
      updateErrors: csiDriverUpdateErrors,
      warnings: csiDriverWarnings,
    };
  },
  storage: { status: "none", unconditionalUpdate: false, returnsDeleted: true },
  columns: csiDriverColumns,
  defaults: defaultCSIDriver,
});
