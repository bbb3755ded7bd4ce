import { deepEqual } from "../../../deep-equal.ts";
import { inGo } from "../../../go/in-go.ts";
import type { CoreEvent, KubeObject } from "../../../object.ts";
import { coreEventErrors } from "../../core/event/event-errors.ts";
import { invalidValue, requiredValue, type FieldErrors } from "../../field-error.ts";
import { immutableFieldErrors } from "../../meta/immutable-field-errors.ts";
import { coreObjectMetaErrors, coreObjectMetaUpdateErrors } from "../../meta/object-meta-errors.ts";

/** What is wrong with a new event of events.k8s.io, which is looked at in the form of core/v1, as it is stored. */
export function* newEventErrors(object: KubeObject): FieldErrors {
  const event = object as CoreEvent;
  const { type = "", source = {} } = event;
  yield* coreEventErrors(event, "reportingController");
  yield* coreObjectMetaErrors(object);
  yield* seriesErrors(event);
  if (event.eventTime === undefined) yield requiredValue("eventTime");
  if (type !== "Normal" && type !== "Warning") yield invalidValue("type", "", `has invalid value: ${type}`);
  const unset = "needs to be unset";
  if (event.firstTimestamp !== undefined) yield invalidValue("firstTimestamp", "", unset);
  if (event.lastTimestamp !== undefined) yield invalidValue("lastTimestamp", "", unset);
  if ((event.count ?? 0) !== 0) yield invalidValue("count", "", unset);
  if ((source.component ?? "") !== "" || (source.host ?? "") !== "") yield invalidValue("source", "", unset);
}

/** What is wrong with a change of one: only its series goes on. */
export function* newEventUpdateErrors(object: KubeObject, old: KubeObject): FieldErrors {
  const [event, before] = [object as CoreEvent, old as CoreEvent];
  yield* coreEventErrors(event, "reportingController");
  yield* coreObjectMetaUpdateErrors(object, old);
  if (!deepEqual(event.series, before.series)) yield* seriesErrors(event);
  for (const field of fixedFields) {
    const shown = shownTypes[field];
    const value = event[field];
    yield* immutableFieldErrors(
      field,
      value,
      before[field],
      shown === undefined ? (value ?? "") : inGo(shown, value),
    );
  }
  yield* immutableFieldErrors(
    "reportingController",
    event.reportingComponent ?? "",
    before.reportingComponent,
  );
  yield* immutableFieldErrors("reportingInstance", event.reportingInstance ?? "", before.reportingInstance);
}

/** In the order of Kubernetes, which asks for the reason twice. */
const fixedFields = [
  "involvedObject",
  "reason",
  "message",
  "source",
  "firstTimestamp",
  "lastTimestamp",
  "count",
  "reason",
  "type",
  "eventTime",
  "action",
  "related",
] as const;

const shownTypes: Readonly<Record<string, string>> = {
  involvedObject: "core.ObjectReference",
  related: "*core.ObjectReference",
  source: "core.EventSource",
  firstTimestamp: "json",
  lastTimestamp: "json",
  count: "number",
  eventTime: "json",
};

function* seriesErrors({ series }: CoreEvent): FieldErrors {
  if (series === undefined) return;
  if ((series.count ?? 0) < 2) yield invalidValue("series.count", "", "should be at least 2");
  if (series.lastObservedTime === undefined) yield requiredValue("series.lastObservedTime");
}
