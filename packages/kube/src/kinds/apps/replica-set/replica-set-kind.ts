import { objectIn, whenAbsent } from "../../../defaults/fill-in.ts";
import type { ReplicaSet } from "../../../object.ts";
import { workloadWarnings } from "../workload-warnings.ts";
import { replicaSetColumns } from "./replica-set-columns.ts";
import { replicaSetErrors, replicaSetUpdateErrors } from "./replica-set-errors.ts";
import { kind, type Kind } from "../../kind.ts";

/** ReplicaSets. */
export const replicaSetKind: Kind = kind("apps", "v1", "ReplicaSet", "replicasets", "namespaced", {
  shortNames: ["rs"],
  categories: ["all"],
  columns: replicaSetColumns,
  defaults: (replicaSet) => whenAbsent(objectIn(replicaSet, "spec"), "replicas", 1),
  createErrors: replicaSetErrors,
  updateErrors: replicaSetUpdateErrors,
  warnings: workloadWarnings,
  storage: {
    status: "isolated",
    newStatus: { replicas: 0 },
    statusKeepsLabels: true,
    hasScale: true,
    generationInputs: ({ spec }) => spec,
    selectableFields: (object) => ({
      "status.replicas": String((object as ReplicaSet).status?.replicas ?? 0),
    }),
  },
});
