import { workloadWarnings } from "../workload-warnings.ts";
import { deploymentColumns } from "./deployment-columns.ts";
import { defaultDeployment } from "./deployment-defaults.ts";
import { deploymentErrors, deploymentUpdateErrors } from "./deployment-errors.ts";
import { kind, type Kind } from "../../kind.ts";

/** Deployments. */
export const deploymentKind: Kind = kind("apps", "v1", "Deployment", "deployments", "namespaced", {
  shortNames: ["deploy"],
  categories: ["all"],
  columns: deploymentColumns,
  defaults: defaultDeployment,
  createErrors: deploymentErrors,
  updateErrors: deploymentUpdateErrors,
  warnings: workloadWarnings,
  storage: {
    status: "isolated",
    newStatus: {},
    statusKeepsLabels: true,
    statusResetFields: ["spec", "metadata.labels"],
    hasScale: true,
    // An annotation raises the generation, too.
    generationInputs: ({ spec, metadata }) => [spec, metadata.annotations ?? {}],
  },
});
