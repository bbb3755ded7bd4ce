import { volumeAttributesClassColumns } from "./volume-attributes-class-columns.ts";
import { kind, type Kind } from "../../kind.ts";

/** Classes of changeable attributes of volumes. */
export const volumeAttributesClassKind: Kind = kind(
  "storage.k8s.io",
  "v1",
  "VolumeAttributesClass",
  "volumeattributesclasses",
  "cluster",
  {
    offVersions: ["v1beta1"],
    shortNames: ["vac"],
    idle: true,
    loadRules: async () => {
      const { volumeAttributesClassErrors, volumeAttributesClassUpdateErrors } =
        await import("./volume-attributes-class-errors.ts");
      return { createErrors: volumeAttributesClassErrors, updateErrors: volumeAttributesClassUpdateErrors };
    },
    storage: { status: "none", returnsDeleted: true },
    columns: volumeAttributesClassColumns,
  },
);
