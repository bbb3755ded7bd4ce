import type { KubeObject, Lease } from "../../../object.ts";
import { invalidValue, type FieldErrors } from "../../field-error.ts";
import { objectMetaErrors, objectMetaUpdateErrors } from "../../meta/object-meta-errors.ts";

/** What is wrong with a new Lease. */
export function* leaseErrors(object: KubeObject): FieldErrors {
  yield* objectMetaErrors(object);
  yield* specErrors((object as Lease).spec);
}

/** What is wrong with a change of a Lease. */
export function* leaseUpdateErrors(object: KubeObject, old: KubeObject): FieldErrors {
  yield* objectMetaUpdateErrors(object, old);
  yield* specErrors((object as Lease).spec);
}

/** `strategy` and `preferredHolder` are behind a gate that is off in v1.36, and not looked at. */
function* specErrors(spec: Lease["spec"]): FieldErrors {
  const { leaseDurationSeconds, leaseTransitions } = spec ?? {};
  if (leaseDurationSeconds !== undefined && leaseDurationSeconds <= 0)
    yield invalidValue("spec.leaseDurationSeconds", leaseDurationSeconds, "must be greater than 0");
  if (leaseTransitions !== undefined && leaseTransitions < 0)
    yield invalidValue("spec.leaseTransitions", leaseTransitions, "must be greater than or equal to 0");
}
