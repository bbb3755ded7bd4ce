import type { KubeObject } from "../../../object.ts";
import type { TableColumns } from "../../columns/columns.ts";
import { shownColumns, shows, showsAge, showsName } from "../../columns/shown-columns.ts";
import { valueAt, listAt } from "../../columns/value-at.ts";

/** What `kubectl get resourceclaims` shows. */
export const resourceClaimColumns: TableColumns = shownColumns(
  showsName(),
  shows("State", stateOf),
  showsAge,
);

function stateOf(object: KubeObject): string {
  const isGoing = object.metadata.deletionTimestamp !== undefined;
  const isAllocated = valueAt(object, "status.allocation") !== undefined;
  const isReserved = isAllocated && listAt(object, "status.reservedFor").length > 0;
  const states = [
    isGoing && "deleted",
    isAllocated ? "allocated" : !isGoing && "pending",
    isReserved && "reserved",
  ];
  return states.filter((state) => state !== false).join(",");
}
