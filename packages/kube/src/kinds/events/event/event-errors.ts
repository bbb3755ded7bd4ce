import type { EventsV1Event } from "@kubernetes/client-node";
import { inGo } from "../../../go/in-go.ts";
import type { CoreEvent, KubeObject, Unchecked } from "../../../object.ts";
import { coreEventErrors } from "../../core/event/event-errors.ts";
import { invalidValue, requiredValue, type FieldErrors } from "../../field-error.ts";
import { immutableFieldErrors } from "../../meta/immutable-field-errors.ts";
import { coreObjectMetaErrors, coreObjectMetaUpdateErrors } from "../../meta/object-meta-errors.ts";

type Event = Unchecked<EventsV1Event>;

/** What is wrong with a new event of events.k8s.io, which Kubernetes looks at in its older form. */
export function* newEventErrors(object: KubeObject): FieldErrors {
  const event = object as Event;
  const { type = "", deprecatedSource = {} } = event;
  yield* coreEventErrors(inOlderForm(object), "reportingController");
  yield* coreObjectMetaErrors(object);
  yield* seriesErrors(event);
  if (event.eventTime === undefined) yield requiredValue("eventTime");
  if (type !== "Normal" && type !== "Warning") yield invalidValue("type", "", `has invalid value: ${type}`);
  const unset = "needs to be unset";
  if (event.deprecatedFirstTimestamp !== undefined) yield invalidValue("firstTimestamp", "", unset);
  if (event.deprecatedLastTimestamp !== undefined) yield invalidValue("lastTimestamp", "", unset);
  if ((event.deprecatedCount ?? 0) !== 0) yield invalidValue("count", "", unset);
  if ((deprecatedSource.component ?? "") !== "" || (deprecatedSource.host ?? "") !== "")
    yield invalidValue("source", "", unset);
}

/** What is wrong with a change of one: only its series goes on. */
export function* newEventUpdateErrors(object: KubeObject, old: KubeObject): FieldErrors {
  const event = object as Event;
  const [now, before] = [inOlderForm(object), inOlderForm(old)];
  yield* coreEventErrors(now, "reportingController");
  yield* coreObjectMetaUpdateErrors(object, old);
  if (JSON.stringify(event.series) !== JSON.stringify((old as Event).series)) yield* seriesErrors(event);
  for (const field of fixedFields) {
    const shown = shownTypes[field];
    const value = now[field];
    yield* immutableFieldErrors(
      field,
      value,
      before[field],
      shown === undefined ? (value ?? "") : inGo(shown, value),
    );
  }
  yield* immutableFieldErrors(
    "reportingController",
    event.reportingController,
    (old as Event).reportingController,
  );
  yield* immutableFieldErrors("reportingInstance", event.reportingInstance, (old as Event).reportingInstance);
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
};

/** The same event as core/v1 names its fields. */
function inOlderForm(object: KubeObject): CoreEvent {
  const { regarding, note, deprecatedSource, deprecatedFirstTimestamp, deprecatedLastTimestamp, ...rest } =
    object as Event & KubeObject;
  const { deprecatedCount, reportingController, ...others } = rest;
  return {
    ...others,
    involvedObject: regarding,
    message: note,
    source: deprecatedSource,
    firstTimestamp: deprecatedFirstTimestamp,
    lastTimestamp: deprecatedLastTimestamp,
    count: deprecatedCount,
    reportingComponent: reportingController,
  } as unknown as CoreEvent;
}

function* seriesErrors({ series }: Event): FieldErrors {
  if (series === undefined) return;
  if ((series.count ?? 0) < 2) yield invalidValue("series.count", "", "should be at least 2");
  if (series.lastObservedTime === undefined) yield requiredValue("series.lastObservedTime");
}
