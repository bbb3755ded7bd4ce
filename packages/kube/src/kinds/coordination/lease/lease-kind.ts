import { leaseColumns } from "./lease-columns.ts";
import { leaseErrors, leaseUpdateErrors } from "./lease-errors.ts";
import { kind, type Kind } from "../../kind.ts";

/** Leases. */
export const leaseKind: Kind = kind("coordination.k8s.io", "v1", "Lease", "leases", "namespaced", {
  isRecord: true,
  columns: leaseColumns,
  createErrors: leaseErrors,
  updateErrors: leaseUpdateErrors,
  storage: { status: "none", createOnUpdate: true, unconditionalUpdate: false },
});
