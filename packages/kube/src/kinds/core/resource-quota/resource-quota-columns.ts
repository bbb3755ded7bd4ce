import type { KubeObject } from "../../../object.ts";
import type { TableColumns } from "../../columns/columns.ts";
import { shownColumns, shows, showsAge, showsName } from "../../columns/shown-columns.ts";
import { valueAt } from "../../columns/value-at.ts";

/** What `kubectl get resourcequotas` shows. */
export const resourceQuotaColumns: TableColumns = shownColumns(
  showsName(),
  shows("Request", (object) => usage(object, false)),
  shows("Limit", (object) => usage(object, true)),
  showsAge,
);

/** `pods: 1/5` for each resource, those that begin with `limits` apart from the others. */
function usage(object: KubeObject, ofLimits: boolean): string {
  const hard = Object.keys(valueAt(object, "status.hard") ?? {});
  const used = (valueAt(object, "status.used") ?? {}) as Record<string, string>;
  const most = (valueAt(object, "status.hard") ?? {}) as Record<string, string>;
  return hard
    .filter((resource) => resource.startsWith("limits") === ofLimits)
    .toSorted()
    .map((resource) => `${resource}: ${used[resource] ?? "0"}/${most[resource] ?? "0"}`)
    .join(", ");
}
