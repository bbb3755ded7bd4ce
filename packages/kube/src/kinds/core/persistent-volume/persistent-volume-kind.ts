import { persistentVolumeColumns } from "./persistent-volume-columns.ts";
import { defaultPersistentVolume } from "./persistent-volume-defaults.ts";
import { persistentVolumeErrors, persistentVolumeUpdateErrors } from "./persistent-volume-errors.ts";
import { persistentVolumeWarnings } from "./persistent-volume-warnings.ts";
import { kind, type Kind } from "../../kind.ts";

/** PersistentVolumes. */
export const persistentVolumeKind: Kind = kind("", "v1", "PersistentVolume", "persistentvolumes", "cluster", {
  shortNames: ["pv"],
  applyOrder: 13,
  idle: true,
  createErrors: persistentVolumeErrors,
  updateErrors: persistentVolumeUpdateErrors,
  warnings: persistentVolumeWarnings,
  storage: { status: "isolated", newStatus: { phase: "Pending" }, returnsDeleted: true },
  columns: persistentVolumeColumns,
  defaults: defaultPersistentVolume,
});
