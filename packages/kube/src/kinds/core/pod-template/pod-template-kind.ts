import { podTemplateColumns } from "./pod-template-columns.ts";
import { kind, type Kind } from "../../kind.ts";

/** PodTemplates. */
export const podTemplateKind: Kind = kind("", "v1", "PodTemplate", "podtemplates", "namespaced", {
  podTemplate: ["template"],
  storage: { status: "none", returnsDeleted: true, generationInputs: (object) => object["template"] },
  columns: podTemplateColumns,
});
