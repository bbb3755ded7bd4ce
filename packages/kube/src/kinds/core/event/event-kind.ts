import { uncounted } from "../../../quota/quota-rules.ts";
import type { CoreEvent } from "../../../object.ts";
import { eventColumns } from "./event-columns.ts";
import { eventErrors } from "./event-errors.ts";
import { kind, type Kind } from "../../kind.ts";

/** Events of core/v1. */
export const eventKind: Kind = kind("", "v1", "Event", "events", "namespaced", {
  isRecord: true,
  shortNames: ["ev"],
  columns: eventColumns,
  createErrors: eventErrors,
  updateErrors: eventErrors,
  quotaRules: uncounted,
  storage: {
    status: "none",
    createOnUpdate: true,
    // They may be selected by what they are about.
    selectableFields(object) {
      const event = object as CoreEvent;
      const about = event.involvedObject;
      return {
        "involvedObject.kind": about?.kind,
        "involvedObject.namespace": about?.namespace,
        "involvedObject.name": about?.name,
        "involvedObject.uid": about?.uid,
        "involvedObject.apiVersion": about?.apiVersion,
        "involvedObject.resourceVersion": about?.resourceVersion,
        "involvedObject.fieldPath": about?.fieldPath,
        reason: event.reason,
        reportingComponent: event.reportingComponent,
        source: event.source?.component ?? event.reportingComponent,
        type: event.type,
      };
    },
  },
});
