import type { V1VolumeAttributesClass } from "@kubernetes/client-node";
import { deepEqual } from "../../../deep-equal.ts";
import type { KubeObject, Unchecked } from "../../../object.ts";
import { forbiddenValue, type FieldErrors } from "../../field-error.ts";
import { coreObjectMetaErrors, coreObjectMetaUpdateErrors } from "../../meta/object-meta-errors.ts";
import { parameterErrors, provisionerErrors } from "../parameter-errors.ts";

type Class = Unchecked<V1VolumeAttributesClass>;

/** What is wrong with a new VolumeAttributesClass. */
export function* volumeAttributesClassErrors(object: KubeObject): FieldErrors {
  const { driverName = "", parameters } = object as Class;
  yield* coreObjectMetaErrors(object);
  yield* provisionerErrors("driverName", driverName);
  yield* parameterErrors("parameters", parameters as Record<string, string> | undefined, {
    mayBeEmpty: false,
  });
}

/** What is wrong with a change of one, of which only the metadata may change. */
export function* volumeAttributesClassUpdateErrors(object: KubeObject, old: KubeObject): FieldErrors {
  yield* coreObjectMetaUpdateErrors(object, old);
  for (const field of ["driverName", "parameters"] as const)
    if (!deepEqual((object as Class)[field], (old as Class)[field]))
      yield forbiddenValue(field, `updates to ${field} are forbidden.`);
  yield* volumeAttributesClassErrors(object);
}
