import type { KubeObject, LabelSelector } from "../../../object.ts";
import { formatLabelSelector } from "../../../selectors/format-label-selector.ts";
import { showsContainers } from "../../apps/template-columns.ts";
import { ageOf } from "../../columns/human-duration.ts";
import type { TableColumns } from "../../columns/columns.ts";
import { shownColumns, shows, showsAge, showsName } from "../../columns/shown-columns.ts";
import { valueAt, textAt, listAt } from "../../columns/value-at.ts";

/** What `kubectl get cronjobs` shows. */
export const cronJobColumns: TableColumns = shownColumns(
  showsName(),
  shows("Schedule", (object) => textAt(object, "spec.schedule")),
  shows("Timezone", (object) => textAt(object, "spec.timeZone", "<none>")),
  shows("Suspend", (object) => (valueAt(object, "spec.suspend") === true ? "True" : "False"), {
    type: "boolean",
  }),
  shows("Active", (object) => listAt(object, "status.active").length, { type: "integer" }),
  shows("Last Schedule", lastSchedule),
  showsAge,
  ...showsContainers("spec.jobTemplate.spec.template"),
  shows("Selector", selectorOf, { wide: true }),
);

function lastSchedule(object: KubeObject, nowMs: number): string {
  const time = textAt(object, "status.lastScheduleTime");
  return time === "" ? "<none>" : ageOf(time, nowMs);
}

function selectorOf(object: KubeObject): string {
  const selector = valueAt(object, "spec.jobTemplate.spec.selector");
  return selector === undefined ? "<none>" : formatLabelSelector(selector as LabelSelector);
}
