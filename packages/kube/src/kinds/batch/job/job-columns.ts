import type { KubeObject } from "../../../object.ts";
import { showsContainers, showsSelector } from "../../apps/template-columns.ts";
import { humanDuration } from "../../columns/human-duration.ts";
import type { TableColumns } from "../../columns/columns.ts";
import { shownColumns, shows, showsAge, showsName } from "../../columns/shown-columns.ts";
import { valueAt, textAt, numberAt, listAt } from "../../columns/value-at.ts";

/** What `kubectl get jobs` shows. */
export const jobColumns: TableColumns = shownColumns(
  showsName(),
  shows("Status", statusOf),
  shows("Completions", completionsOf),
  shows("Duration", durationOf),
  showsAge,
  ...showsContainers("spec.template"),
  showsSelector("spec.selector"),
);

function statusOf(object: KubeObject): string {
  const holds = (type: string) =>
    listAt(object, "status.conditions").some(
      (each) => textAt(each, "type") === type && textAt(each, "status") === "True",
    );
  if (holds("Complete")) return "Complete";
  if (holds("Failed")) return "Failed";
  if (object.metadata.deletionTimestamp !== undefined) return "Terminating";
  return ["Suspended", "FailureTarget", "SuccessCriteriaMet"].find(holds) ?? "Running";
}

function completionsOf(object: KubeObject): string {
  const succeeded = numberAt(object, "status.succeeded");
  const completions = valueAt(object, "spec.completions");
  if (completions !== undefined) return `${succeeded}/${String(completions)}`;
  const parallelism = numberAt(object, "spec.parallelism");
  return parallelism > 1 ? `${succeeded}/1 of ${parallelism}` : `${succeeded}/1`;
}

function durationOf(object: KubeObject, nowMs: number): string {
  const [start, end] = [textAt(object, "status.startTime"), textAt(object, "status.completionTime")];
  if (start === "") return "";
  return humanDuration((end === "" ? nowMs : Date.parse(end)) - Date.parse(start));
}
