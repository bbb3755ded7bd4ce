import { storageClassColumns } from "./storage-class-columns.ts";
import { defaultStorageClass } from "./storage-class-defaults.ts";
import { kind, type Kind } from "../../kind.ts";

/** StorageClasses. */
export const storageClassKind: Kind = kind(
  "storage.k8s.io",
  "v1",
  "StorageClass",
  "storageclasses",
  "cluster",
  {
    shortNames: ["sc"],
    applyOrder: 3,
    loadRules: async () => {
      const { storageClassErrors, storageClassUpdateErrors, storageClassWarnings } =
        await import("./storage-class-errors.ts");
      return {
        createErrors: storageClassErrors,
        updateErrors: storageClassUpdateErrors,
        warnings: storageClassWarnings,
      };
    },
    storage: { status: "none", returnsDeleted: true },
    columns: storageClassColumns,
    defaults: defaultStorageClass,
  },
);
