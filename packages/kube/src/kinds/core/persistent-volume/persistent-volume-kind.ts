import { persistentVolumeColumns } from "./persistent-volume-columns.ts";
import { defaultPersistentVolume } from "./persistent-volume-defaults.ts";
import { kind, type Kind } from "../../kind.ts";

/** PersistentVolumes. */
export const persistentVolumeKind: Kind = kind("", "v1", "PersistentVolume", "persistentvolumes", "cluster", {
  shortNames: ["pv"],
  applyOrder: 13,
  loadRules: async () => {
    const { persistentVolumeErrors, persistentVolumeUpdateErrors } =
      await import("./persistent-volume-errors.ts");
    const { persistentVolumeWarnings } = await import("./persistent-volume-warnings.ts");
    return {
      createErrors: persistentVolumeErrors,
      updateErrors: persistentVolumeUpdateErrors,
      warnings: persistentVolumeWarnings,
    };
  },
  storage: { status: "isolated", newStatus: { phase: "Pending" }, returnsDeleted: true },
  columns: persistentVolumeColumns,
  defaults: defaultPersistentVolume,
});
