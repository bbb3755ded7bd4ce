import { persistentVolumeClaimColumns } from "./persistent-volume-claim-columns.ts";
import {
  persistentVolumeClaimErrors,
  persistentVolumeClaimUpdateErrors,
} from "./persistent-volume-claim-errors.ts";
import { persistentVolumeClaimWarnings } from "./persistent-volume-claim-warnings.ts";
import { kind, type Kind } from "../../kind.ts";

/** PersistentVolumeClaims. */
export const persistentVolumeClaimKind: Kind = kind(
  "",
  "v1",
  "PersistentVolumeClaim",
  "persistentvolumeclaims",
  "namespaced",
  {
    shortNames: ["pvc"],
    applyOrder: 14,
    createErrors: persistentVolumeClaimErrors,
    updateErrors: persistentVolumeClaimUpdateErrors,
    warnings: persistentVolumeClaimWarnings,
    storage: { status: "isolated", newStatus: { phase: "Pending" }, returnsDeleted: true },
    columns: persistentVolumeClaimColumns,
  },
);
