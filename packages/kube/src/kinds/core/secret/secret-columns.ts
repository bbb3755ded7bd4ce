import type { Secret } from "../../../object.ts";
import { ageColumn, column, nameColumn, type TableColumns } from "../../columns/columns.ts";
import { ageOf } from "../../columns/human-duration.ts";

/** What `kubectl get secrets` shows. */
export const secretColumns: TableColumns = {
  columns: [
    nameColumn,
    column("Type", "Used to facilitate programmatic handling of secret data."),
    column("Data", "Data contains the secret data."),
    ageColumn,
  ],
  cells(object, nowMs) {
    const { metadata, type, data } = object as Secret;
    return [
      metadata.name,
      type ?? "",
      Object.keys(data ?? {}).length,
      ageOf(metadata.creationTimestamp, nowMs),
    ];
  },
};
