import { podTemplateColumns } from "./pod-template-columns.ts";
import { podTemplateObjectErrors, podTemplateObjectUpdateErrors } from "./pod-template-errors.ts";
import { podTemplateWarnings } from "./pod-template-warnings.ts";
import { kind, type Kind } from "../../kind.ts";

/** PodTemplates. */
export const podTemplateKind: Kind = kind("", "v1", "PodTemplate", "podtemplates", "namespaced", {
  podTemplate: ["template"],
  createErrors: podTemplateObjectErrors,
  updateErrors: podTemplateObjectUpdateErrors,
  warnings: podTemplateWarnings,
  storage: { status: "none", returnsDeleted: true, generationInputs: (object) => object["template"] },
  columns: podTemplateColumns,
});
