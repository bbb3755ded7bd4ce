import type { Namespace } from "../../../object.ts";
import { ageColumn, column, nameColumn, type TableColumns } from "../../columns/columns.ts";
import { ageOf } from "../../columns/human-duration.ts";

/** What `kubectl get namespaces` shows. */
export const namespaceColumns: TableColumns = {
  columns: [nameColumn, column("Status", "The status of the namespace"), ageColumn],
  cells(object, nowMs) {
    const { metadata, status } = object as Namespace;
    return [metadata.name, status?.phase ?? "", ageOf(metadata.creationTimestamp, nowMs)];
  },
};
