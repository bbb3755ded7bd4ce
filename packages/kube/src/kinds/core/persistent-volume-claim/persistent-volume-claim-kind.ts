import type { PersistentVolumeClaim } from "../../../object.ts";
import { claimQuotaRules } from "./claim-quota-rules.ts";
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
    loadRules: async () => {
      const { persistentVolumeClaimErrors, persistentVolumeClaimUpdateErrors } =
        await import("./persistent-volume-claim-errors.ts");
      const { persistentVolumeClaimWarnings } = await import("./persistent-volume-claim-warnings.ts");
      return {
        createErrors: persistentVolumeClaimErrors,
        updateErrors: persistentVolumeClaimUpdateErrors,
        warnings: persistentVolumeClaimWarnings,
      };
    },
    storage: { status: "isolated", newStatus: { phase: "Pending" }, returnsDeleted: true },
    quotaRules: claimQuotaRules,
    limitedParts: (object) => {
      const requests = (object as PersistentVolumeClaim).spec?.resources?.requests ?? {};
      return [{ type: "PersistentVolumeClaim", requests, limits: undefined }];
    },
    limitsUpdates: true,
    columns: persistentVolumeClaimColumns,
  },
);
