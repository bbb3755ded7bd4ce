import type { KubeObject } from "../../../object.ts";
import { kind, type Kind } from "../../kind.ts";
import { shownColumns, showsCreation, showsName } from "../../columns/shown-columns.ts";
import { defaultDefinition } from "./custom-resource-definition-defaults.ts";
import {
  definitionErrors,
  definitionStatusErrors,
  definitionUpdateErrors,
} from "./custom-resource-definition-errors.ts";
import { definitionWarnings } from "./custom-resource-definition-warnings.ts";
import { pruneDefinition } from "./prune-definition.ts";

/** Kinds that Kubernetes does not have itself. */
export const customResourceDefinitionKind: Kind = kind(
  "apiextensions.k8s.io",
  "v1",
  "CustomResourceDefinition",
  "customresourcedefinitions",
  "cluster",
  {
    shortNames: ["crd", "crds"],
    categories: ["api-extensions"],
    applyOrder: 0,
    storage: {
      status: "isolated",
      unconditionalUpdate: false,
      generationInputs: ({ spec }: KubeObject) => spec,
    },
    columns: shownColumns(showsName(), showsCreation),
    prune: pruneDefinition,
    defaults: defaultDefinition,
    createErrors: definitionErrors,
    updateErrors: definitionUpdateErrors,
    statusErrors: definitionStatusErrors,
    warnings: definitionWarnings,
  },
);
