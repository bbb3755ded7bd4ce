import type { ConfigMap } from "../../../object.ts";
import { ageColumn, column, nameColumn, type TableColumns } from "../../columns/columns.ts";
import { ageOf } from "../../columns/human-duration.ts";

/** What `kubectl get configmaps` shows. */
export const configMapColumns: TableColumns = {
  columns: [nameColumn, column("Data", "Data contains the configuration data."), ageColumn],
  cells(object, nowMs) {
    const { metadata, data, binaryData } = object as ConfigMap;
    const count = Object.keys(data ?? {}).length + Object.keys(binaryData ?? {}).length;
    return [metadata.name, count, ageOf(metadata.creationTimestamp, nowMs)];
  },
};
