import { countRules } from "../../../quota/quota-rules.ts";
import { numberAt } from "../../columns/value-at.ts";
import { replicationControllerColumns } from "./replication-controller-columns.ts";
import { defaultReplicationController } from "./replication-controller-defaults.ts";
import { kind, type Kind } from "../../kind.ts";

/** ReplicationControllers, the forerunners of ReplicaSets. */
export const replicationControllerKind: Kind = kind(
  "",
  "v1",
  "ReplicationController",
  "replicationcontrollers",
  "namespaced",
  {
    shortNames: ["rc"],
    categories: ["all"],
    loadRules: async () => {
      const { replicationControllerErrors, replicationControllerUpdateErrors } =
        await import("./replication-controller-errors.ts");
      const { replicationControllerWarnings } = await import("./replication-controller-warnings.ts");
      return {
        createErrors: replicationControllerErrors,
        updateErrors: replicationControllerUpdateErrors,
        warnings: replicationControllerWarnings,
      };
    },
    quotaRules: countRules("count/replicationcontrollers", "replicationcontrollers"),
    storage: {
      status: "isolated",
      newStatus: { replicas: 0 },
      hasScale: true,
      returnsDeleted: true,
      generationInputs: ({ spec }) => spec,
      selectableFields: (object) => ({ "status.replicas": String(numberAt(object, "status.replicas")) }),
    },
    columns: replicationControllerColumns,
    defaults: defaultReplicationController,
  },
);
