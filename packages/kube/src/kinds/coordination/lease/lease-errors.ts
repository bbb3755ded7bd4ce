import type { KubeObject, Lease } from "../../../object.ts";
import {
  forbiddenValue,
  invalidBecause,
  invalidValue,
  unsupportedValue,
  type FieldErrors,
} from "../../field-error.ts";
import { qualifiedName } from "../../meta/names.ts";
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

function* specErrors(spec: Lease["spec"]): FieldErrors {
  const { leaseDurationSeconds, leaseTransitions, strategy, preferredHolder = "" } = spec ?? {};
  if (leaseDurationSeconds !== undefined && leaseDurationSeconds <= 0)
    yield invalidValue("spec.leaseDurationSeconds", leaseDurationSeconds, "must be greater than 0");
  if (leaseTransitions !== undefined && leaseTransitions < 0)
    yield invalidValue("spec.leaseTransitions", leaseTransitions, "must be greater than or equal to 0");
  if (strategy !== undefined) {
    const field = "spec.strategy.strategy";
    if (strategy.includes("/")) yield* invalidBecause(field, strategy, qualifiedName(strategy));
    else if (strategy !== "OldestEmulationVersion")
      yield unsupportedValue(field, strategy, ["OldestEmulationVersion"]);
  }
  if (preferredHolder !== "" && (strategy ?? "") === "")
    yield forbiddenValue("spec.preferredHolder", "may only be specified if `strategy` is defined");
}
