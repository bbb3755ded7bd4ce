import type { ConfigMap, CoreEvent, Lease, Secret } from "@seaworthy/kube";
import { ageOf } from "./human-duration.ts";
import { ageColumn, column, nameColumn, wideColumn, type TablePrinter } from "./table-printer.ts";

/** ConfigMaps, Secrets, Leases and Events. */
export const dataPrinters: Readonly<Record<string, TablePrinter>> = {
  configmaps: {
    columns: [nameColumn, column("Data", "Data contains the configuration data."), ageColumn],
    cells(object, nowMs) {
      const { metadata, data, binaryData } = object as ConfigMap;
      const count = Object.keys(data ?? {}).length + Object.keys(binaryData ?? {}).length;
      return [metadata.name, count, ageOf(metadata.creationTimestamp, nowMs)];
    },
  },
  secrets: {
    columns: [
      nameColumn,
      column("Type", "Used to facilitate programmatic handling of secret data."),
      column("Data", "Data contains the secret data."),
      ageColumn,
    ],
    cells(object, nowMs) {
      const { metadata, type, data } = object as Secret;
      return [
        metadata.name,
        type ?? "",
        Object.keys(data ?? {}).length,
        ageOf(metadata.creationTimestamp, nowMs),
      ];
    },
  },
  leases: {
    columns: [
      nameColumn,
      column("Holder", "holderIdentity contains the identity of the holder of a current lease."),
      ageColumn,
    ],
    cells(object, nowMs) {
      const { metadata, spec } = object as Lease;
      return [metadata.name, spec?.holderIdentity ?? "", ageOf(metadata.creationTimestamp, nowMs)];
    },
  },
  events: {
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
  },
};
