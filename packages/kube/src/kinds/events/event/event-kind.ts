import { uncounted } from "../../../quota/quota-rules.ts";
import { isJsonObject, type JsonObject } from "../../../patch/json-value.ts";
import { eventColumns } from "../../core/event/event-columns.ts";
import { eventKind as coreEventKind } from "../../core/event/event-kind.ts";
import { kind, type Kind } from "../../kind.ts";

/** Events of events.k8s.io/v1, which are those of core/v1 with other names for some of their fields. */
export const eventKind: Kind = kind("events.k8s.io", "v1", "Event", "events", "namespaced", {
  isRecord: true,
  shortNames: ["ev"],
  columns: eventColumns,
  convert: convertEvent,
  loadRules: async () => {
    const { newEventErrors, newEventUpdateErrors } = await import("./event-errors.ts");
    return { createErrors: newEventErrors, updateErrors: newEventUpdateErrors };
  },
  quotaRules: uncounted,
  storage: {
    ...coreEventKind.storage,
    status: "none",
    storedWith: { group: "", plural: "events", apiVersion: "v1" },
    selectableFields: (stored) => {
      const { source: _source, ...fields } = coreEventKind.storage?.selectableFields?.(stored) ?? {};
      return Object.fromEntries(Object.entries(fields).map(([name, value]) => [newName(name), value]));
    },
  },
});

/** AddFieldLabelConversionsForEvent: what may be selected by is called as it is in this version, but for its source. */
function newName(name: string): string {
  if (name === "reportingComponent") return "reportingController";
  return name.replace(/^involvedObject\./, "regarding.");
}

/** The names of fields in core/v1 and in events.k8s.io/v1. */
const names: readonly (readonly [core: string, events: string])[] = [
  ["involvedObject", "regarding"],
  ["message", "note"],
  ["source", "deprecatedSource"],
  ["firstTimestamp", "deprecatedFirstTimestamp"],
  ["lastTimestamp", "deprecatedLastTimestamp"],
  ["count", "deprecatedCount"],
  ["reportingComponent", "reportingController"],
];

function convertEvent(event: JsonObject, apiVersion: string): JsonObject {
  const toCore = apiVersion === "v1";
  const renamed: JsonObject = { kind: "Event", apiVersion };
  for (const [field, value] of Object.entries(event)) {
    if (field === "kind" || field === "apiVersion") continue;
    const [core = field, other = field] = names.find((pair) => pair[toCore ? 1 : 0] === field) ?? [];
    renamed[toCore ? core : other] = value;
  }
  // Kubernetes writes these out though they are empty.
  if (!toCore) {
    if (!isJsonObject(renamed["deprecatedSource"])) renamed["deprecatedSource"] = {};
    renamed["deprecatedFirstTimestamp"] ??= null;
    renamed["deprecatedLastTimestamp"] ??= null;
  }
  return renamed;
}
