import { csiStorageCapacityColumns } from "./csi-storage-capacity-columns.ts";
import { kind, type Kind } from "../../kind.ts";

/** What a driver of storage has left. */
export const csiStorageCapacityKind: Kind = kind(
  "storage.k8s.io",
  "v1",
  "CSIStorageCapacity",
  "csistoragecapacities",
  "namespaced",
  {
    idle: true,
    isRecord: true,
    loadRules: async () => {
      const { csiStorageCapacityErrors, csiStorageCapacityUpdateErrors, csiStorageCapacityWarnings } =
        await import("./csi-storage-capacity-errors.ts");
      return {
        createErrors: csiStorageCapacityErrors,
        updateErrors: csiStorageCapacityUpdateErrors,
        warnings: csiStorageCapacityWarnings,
      };
    },
    storage: { status: "none", unconditionalUpdate: false },
    columns: csiStorageCapacityColumns,
  },
);
