import { numberAt } from "../../columns/value-at.ts";
import { replicationControllerColumns } from "./replication-controller-columns.ts";
import { defaultReplicationController } from "./replication-controller-defaults.ts";
import {
  replicationControllerErrors,
  replicationControllerUpdateErrors,
} from "./replication-controller-errors.ts";
import { replicationControllerWarnings } from "./replication-controller-warnings.ts";
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
    idle: true,
    createErrors: replicationControllerErrors,
    updateErrors: replicationControllerUpdateErrors,
    warnings: replicationControllerWarnings,
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
