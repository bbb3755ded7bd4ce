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
    storage: { status: "none", unconditionalUpdate: false },
    columns: csiStorageCapacityColumns,
  },
);
