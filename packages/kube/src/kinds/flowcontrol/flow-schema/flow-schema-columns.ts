import type { KubeObject } from "../../../object.ts";
import type { TableColumns } from "../../columns/columns.ts";
import { shownColumns, shows, showsAge, showsName } from "../../columns/shown-columns.ts";
import { textAt, numberAt, listAt } from "../../columns/value-at.ts";

/** What `kubectl get flowschemas` shows. */
export const flowSchemaColumns: TableColumns = shownColumns(
  showsName(),
  shows("PriorityLevel", (object) => textAt(object, "spec.priorityLevelConfiguration.name")),
  shows("MatchingPrecedence", (object) => numberAt(object, "spec.matchingPrecedence")),
  shows("DistinguisherMethod", (object) => textAt(object, "spec.distinguisherMethod.type", "<none>")),
  showsAge,
  shows("MissingPL", dangling),
);

function dangling(object: KubeObject): string {
  const condition = listAt(object, "status.conditions").find((each) => textAt(each, "type") === "Dangling");
  return textAt(condition, "status", "?");
}
