import { podTemplateColumns } from "./pod-template-columns.ts";
import { kind, type Kind } from "../../kind.ts";

/** PodTemplates. */
export const podTemplateKind: Kind = kind("", "v1", "PodTemplate", "podtemplates", "namespaced", {
  podTemplate: ["template"],
  loadRules: async () => {
    const { podTemplateObjectErrors, podTemplateObjectUpdateErrors } =
      await import("./pod-template-errors.ts");
    const { podTemplateWarnings } = await import("./pod-template-warnings.ts");
    return {
      createErrors: podTemplateObjectErrors,
      updateErrors: podTemplateObjectUpdateErrors,
      warnings: podTemplateWarnings,
    };
  },
  storage: { status: "none", returnsDeleted: true, generationInputs: (object) => object["template"] },
  columns: podTemplateColumns,
});
