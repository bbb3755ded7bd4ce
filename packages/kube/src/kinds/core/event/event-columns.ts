import type { CoreEvent } from "../../../object.ts";
import { column, wideColumn, type TableColumns } from "../../columns/columns.ts";
import { ageOf } from "../../columns/human-duration.ts";

/** What `kubectl get events` shows. */
export const eventColumns: TableColumns = {
  columns: [
    column("Last Seen", "The time at which the most recent occurrence of this event was recorded."),
    column("Type", "Type of this event (Normal, Warning), new types could be added in the future"),
    column(
      "Reason",
      "This should be a short, machine understandable string that gives the reason for the transition.",
    ),
    column("Object", "The object that this event is about."),
    wideColumn("Subobject", "If referring to a piece of an object instead of an entire object."),
    wideColumn("Source", "The component reporting this event."),
    column("Message", "A human-readable description of the status of this operation."),
    wideColumn("First Seen", "The time at which the event was first recorded."),
    wideColumn("Count", "The number of times this event has occurred."),
    { ...wideColumn("Name", "Name of the event."), format: "name" },
  ],
  cells(object, nowMs) {
    const event = object as CoreEvent;
    const { involvedObject: about, series, source } = event;
    const first = ageOf(event.firstTimestamp ?? event.eventTime, nowMs);
    const last = event.lastTimestamp === undefined ? first : ageOf(event.lastTimestamp, nowMs);
    const kind = (about?.kind ?? "").toLowerCase();
    return [
      series === undefined ? last : ageOf(series.lastObservedTime, nowMs),
      event.type ?? "",
      event.reason ?? "",
      about?.name === undefined ? kind : `${kind}/${about.name}`,
      about?.fieldPath ?? "",
      [source?.component ?? event.reportingComponent ?? "", source?.host ?? event.reportingInstance ?? ""]
        .filter((part) => part !== "")
        .join(", "),
      (event.message ?? "").trim(),
      first,
      series?.count ?? (event.count === undefined || event.count === 0 ? 1 : event.count),
      event.metadata.name,
    ];
  },
};
