import type { KubeObject, LabelSelector } from "../../../object.ts";
import { formatLabelSelector } from "../../../selectors/format-label-selector.ts";
import type { TableColumns } from "../../columns/columns.ts";
import { shownColumns, shows, showsAge, showsName } from "../../columns/shown-columns.ts";
import { valueAt } from "../../columns/value-at.ts";

/** What `kubectl get networkpolicies` shows. */
export const networkPolicyColumns: TableColumns = shownColumns(
  showsName(),
  shows("Pod-Selector", (object) => formatLabelSelector(selectorAt(object)) || "<none>"),
  showsAge,
);

function selectorAt(object: KubeObject): LabelSelector {
  return valueAt(object, "spec.podSelector") ?? {};
}
