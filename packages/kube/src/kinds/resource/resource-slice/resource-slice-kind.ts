import { textAt } from "../../columns/value-at.ts";
import { resourceSliceColumns } from "./resource-slice-columns.ts";
import { kind, type Kind } from "../../kind.ts";

/** Devices that a driver offers. */
export const resourceSliceKind: Kind = kind(
  "resource.k8s.io",
  "v1",
  "ResourceSlice",
  "resourceslices",
  "cluster",
  {
    offVersions: ["v1beta2", "v1beta1"],
    idle: true,
    isRecord: true,
    loadRules: async () => {
      const { resourceSliceErrors, resourceSliceUpdateErrors, resourceSliceWarnings } =
        await import("./resource-slice-errors.ts");
      return {
        createErrors: resourceSliceErrors,
        updateErrors: resourceSliceUpdateErrors,
        warnings: resourceSliceWarnings,
      };
    },
    storage: {
      status: "none",
      returnsDeleted: true,
      generationInputs: ({ spec }) => spec,
      selectableFields: (object) => ({
        "spec.driver": textAt(object, "spec.driver"),
        "spec.nodeName": textAt(object, "spec.nodeName"),
      }),
    },
    columns: resourceSliceColumns,
  },
);
