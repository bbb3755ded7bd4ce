import type { KubeObject } from "../../../object.ts";
import { isJsonObject } from "../../../patch/json-value.ts";
import { requiredValue, type FieldErrors } from "../../field-error.ts";
import { immutableFieldErrors } from "../../meta/immutable-field-errors.ts";
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
  yield* immutableFieldErrors("data", object["data"], old["data"]);
}

function* revisionErrors(object: KubeObject): FieldErrors {
  yield* coreObjectMetaErrors(object);
  yield* nonNegativeErrors("revision", (object as { readonly revision?: number }).revision);
}
