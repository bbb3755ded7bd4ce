import type { Lease } from "../../../object.ts";
import { ageColumn, column, nameColumn, type TableColumns } from "../../columns/columns.ts";
import { ageOf } from "../../columns/human-duration.ts";

/** What `kubectl get leases` shows. */
export const leaseColumns: TableColumns = {
  columns: [
    nameColumn,
    column("Holder", "holderIdentity contains the identity of the holder of a current lease."),
    ageColumn,
  ],
  cells(object, nowMs) {
    const { metadata, spec } = object as Lease;
    return [metadata.name, spec?.holderIdentity ?? "", ageOf(metadata.creationTimestamp, nowMs)];
  },
};
