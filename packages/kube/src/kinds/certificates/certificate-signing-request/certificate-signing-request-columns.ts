import type { KubeObject } from "../../../object.ts";
import { humanDuration } from "../../columns/human-duration.ts";
import type { TableColumns } from "../../columns/columns.ts";
import { shownColumns, shows, showsAge, showsName } from "../../columns/shown-columns.ts";
import { valueAt, textAt, listAt } from "../../columns/value-at.ts";

/** What `kubectl get certificatesigningrequests` shows. */
export const certificateSigningRequestColumns: TableColumns = shownColumns(
  showsName(),
  showsAge,
  shows("SignerName", (object) => textAt(object, "spec.signerName", "<none>")),
  shows("Requestor", (object) => textAt(object, "spec.username")),
  shows("RequestedDuration", requestedDuration),
  shows("Condition", conditionOf),
);

function requestedDuration(object: KubeObject): string {
  const seconds = valueAt(object, "spec.expirationSeconds");
  return seconds === undefined ? "<none>" : humanDuration(Number(seconds) * 1000);
}

function conditionOf(object: KubeObject): string {
  const types = new Set(listAt(object, "status.conditions").map((condition) => textAt(condition, "type")));
  const decided = types.has("Denied") ? "Denied" : types.has("Approved") ? "Approved" : "Pending";
  const words = [
    decided,
    types.has("Failed") ? "Failed" : "",
    textAt(object, "status.certificate") === "" ? "" : "Issued",
  ];
  return words.filter((word) => word !== "").join(",");
}
