import type { ReplicaSet } from "../../../object.ts";
import { formatLabelSelector } from "../../../selectors/format-label-selector.ts";
import { containerCells, templateColumns } from "../template-columns.ts";
import { ageColumn, column, nameColumn, type TableColumns } from "../../columns/columns.ts";
import { ageOf } from "../../columns/human-duration.ts";

/** What `kubectl get replicasets` shows. */
export const replicaSetColumns: TableColumns = {
  columns: [
    nameColumn,
    column("Desired", "Replicas is the number of desired pods.", "integer"),
    column("Current", "Replicas is the most recently observed number of non-terminating pods.", "integer"),
    column(
      "Ready",
      "The number of non-terminating pods targeted by this ReplicaSet with a Ready Condition.",
      "integer",
    ),
    ageColumn,
    ...templateColumns,
  ],
  cells(object, nowMs) {
    const { metadata, spec, status } = object as ReplicaSet;
    return [
      metadata.name,
      spec.replicas ?? 0,
      status?.replicas ?? 0,
      status?.readyReplicas ?? 0,
      ageOf(metadata.creationTimestamp, nowMs),
      ...containerCells(spec.template),
      formatLabelSelector(spec.selector),
    ];
  },
};
