import type { KubeObject, LabelSelector } from "../../object.ts";
import { formatLabelSelector } from "../../selectors/format-label-selector.ts";
import type { TableColumns } from "../columns/columns.ts";
import { shownColumns, shows, showsAge, showsName } from "../columns/shown-columns.ts";
import { valueAt, textAt } from "../columns/value-at.ts";

/** What `kubectl get` shows of bindings of admission policies. */
export const policyBindingColumns: TableColumns = shownColumns(
  showsName(),
  shows("PolicyName", (object) => textAt(object, "spec.policyName")),
  shows("ParamRef", paramRef),
  showsAge,
);

function paramRef(object: KubeObject): string {
  const name = textAt(object, "spec.paramRef.name");
  const selector = valueAt(object, "spec.paramRef.selector");
  if (name !== "") return `${textAt(object, "spec.paramRef.namespace", "*")}/${name}`;
  return selector === undefined ? "<unset>" : formatLabelSelector(selector as LabelSelector);
}
