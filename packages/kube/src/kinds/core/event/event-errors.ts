import type { CoreEvent, KubeObject } from "../../../object.ts";
import { invalidBecause, invalidValue, requiredValue, type FieldErrors } from "../../field-error.ts";
import { byteLength, dns1123Subdomain, qualifiedName } from "../../meta/names.ts";

/** What is wrong with an event of core/v1. Its metadata is not looked at, as in Kubernetes. */
export function eventErrors(object: KubeObject): FieldErrors {
  return coreEventErrors(object as CoreEvent, "reportingComponent");
}

/** The same for one of whatever group in the form of core/v1, where one field is called as its group calls it. */
export function* coreEventErrors(
  event: CoreEvent,
  reporter: "reportingComponent" | "reportingController",
): FieldErrors {
  const { namespace = "" } = event.metadata;
  if (event.eventTime === undefined) yield* olderFormErrors(event, namespace);
  else yield* newerFormErrors(event, namespace, reporter);
  yield* invalidBecause("namespace", namespace, dns1123Subdomain(namespace));
}

const mismatch = "does not match event.namespace";

function* olderFormErrors(event: CoreEvent, namespace: string): FieldErrors {
  const about = event.involvedObject?.namespace ?? "";
  const isRight = about === "" ? namespace === "" || namespace === "default" : about === namespace;
  if (!isRight) yield invalidValue("involvedObject.namespace", about, mismatch);
}

function* newerFormErrors(event: CoreEvent, namespace: string, reporter: string): FieldErrors {
  const about = event.involvedObject?.namespace ?? "";
  if (about === "" && namespace !== "default" && namespace !== "kube-system")
    yield invalidValue("involvedObject.namespace", about, mismatch);
  const { reportingComponent = "", reportingInstance = "", action = "", reason = "", message = "" } = event;
  if (reportingComponent === "") yield requiredValue(reporter);
  yield* invalidBecause(reporter, reportingComponent, qualifiedName(reportingComponent));
  for (const [field, value] of Object.entries({ reportingInstance, action, reason })) {
    if (value === "") yield requiredValue(field);
    if (byteLength(value) > 128) yield invalidValue(field, "", "can have at most 128 characters");
  }
  if (byteLength(message) > 1024) yield invalidValue("message", "", "can have at most 1024 characters");
}
