import { persistentVolumeClaimColumns } from "./persistent-volume-claim-columns.ts";
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
    storage: { status: "isolated", newStatus: { phase: "Pending" }, returnsDeleted: true },
    columns: persistentVolumeClaimColumns,
  },
);
