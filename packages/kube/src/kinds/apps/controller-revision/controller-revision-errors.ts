import { deepEqual } from "../../../deep-equal.ts";
import type { KubeObject } from "../../../object.ts";
import { isJsonObject } from "../../../patch/json-value.ts";
import { invalidValue, requiredValue, type FieldErrors } from "../../field-error.ts";
import { nonNegativeErrors } from "../../meta/number-errors.ts";
import { coreObjectMetaErrors, coreObjectMetaUpdateErrors } from "../../meta/object-meta-errors.ts";

/** What is wrong with a new ControllerRevision. */
export function* controllerRevisionErrors(object: KubeObject): FieldErrors {
  yield* revisionErrors(object);
  const data = object["data"] ?? null;
  if (data === null) yield requiredValue("data", "data is mandatory");
  else if (!isJsonObject(data)) yield requiredValue("data", "data must be a valid JSON object");
}

/** What is wrong with a change of a ControllerRevision: what it holds stays. */
export function* controllerRevisionUpdateErrors(object: KubeObject, old: KubeObject): FieldErrors {
  yield* coreObjectMetaUpdateErrors(object, old);
  yield* revisionErrors(object);
  // It is compared byte by byte, so that what is empty is not the same as what is not there.
  if (!deepEqual(object["data"], old["data"]))
    yield invalidValue("data", object["data"] ?? null, "field is immutable");
}

function* revisionErrors(object: KubeObject): FieldErrors {
  yield* coreObjectMetaErrors(object);
  yield* nonNegativeErrors("revision", (object as { readonly revision?: number }).revision);
}
