import type { KubeObject } from "../../../object.ts";
import type { TableColumns } from "../../columns/columns.ts";
import { shownColumns, shows, showsAge, showsName } from "../../columns/shown-columns.ts";
import { valueAt, textAt, listAt } from "../../columns/value-at.ts";

/** What `kubectl get csidrivers` shows. */
export const csiDriverColumns: TableColumns = shownColumns(
  showsName(),
  shows("AttachRequired", (object) => valueAt(object, "spec.attachRequired") !== false, { type: "boolean" }),
  shows("PodInfoOnMount", (object) => valueAt(object, "spec.podInfoOnMount") === true, { type: "boolean" }),
  shows("StorageCapacity", (object) => valueAt(object, "spec.storageCapacity") === true, { type: "boolean" }),
  shows("TokenRequests", audiences),
  shows("RequiresRepublish", (object) => valueAt(object, "spec.requiresRepublish") === true, {
    type: "boolean",
  }),
  shows("Modes", (object) => listAt(object, "spec.volumeLifecycleModes").join(",") || "<none>"),
  showsAge,
);

function audiences(object: KubeObject): string {
  const requests = listAt(object, "spec.tokenRequests");
  return requests.length === 0 ? "<unset>" : requests.map((request) => textAt(request, "audience")).join(",");
}
