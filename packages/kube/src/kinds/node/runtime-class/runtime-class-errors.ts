import type { V1RuntimeClass } from "@kubernetes/client-node";
import { inGo } from "../../../go/in-go.ts";
import type { KubeObject, ResourceRequirements, Toleration, Unchecked } from "../../../object.ts";
import { containerResourceErrors } from "../../core/pod/validation/resource-errors.ts";
import { tolerationErrors } from "../../core/pod/validation/scheduling-errors.ts";
import { duplicateValue, invalidBecause, requiredValue, type FieldErrors } from "../../field-error.ts";
import { immutableFieldErrors } from "../../meta/immutable-field-errors.ts";
import { labelErrors } from "../../meta/label-errors.ts";
import { dns1123Label } from "../../meta/names.ts";
import { objectMetaErrors, objectMetaUpdateErrors } from "../../meta/object-meta-errors.ts";

/** What is wrong with a new RuntimeClass. */
export function* runtimeClassErrors(object: KubeObject): FieldErrors {
  const { handler = "", overhead, scheduling } = object as Unchecked<V1RuntimeClass>;
  yield* objectMetaErrors(object);
  if (handler === "") yield requiredValue("handler");
  else yield* invalidBecause("handler", handler, dns1123Label(handler));
  if (overhead !== undefined) {
    const limits = { limits: overhead.podFixed } as ResourceRequirements;
    yield* containerResourceErrors("overhead", limits, new Set());
  }
  if (scheduling === undefined) return;
  yield* labelErrors("scheduling.nodeSelector", scheduling.nodeSelector as Record<string, string>);
  const tolerations = (scheduling.tolerations ?? []) as Toleration[];
  yield* tolerationErrors("scheduling.tolerations", tolerations);
  const seen = new Set<string>();
  for (const [index, toleration] of tolerations.entries()) {
    const { key = "", operator = "", value = "", effect = "" } = toleration;
    const own = JSON.stringify([key, operator, value, effect]);
    if (seen.has(own))
      yield duplicateValue(`scheduling.tolerations[${index}]`, inGo("core.Toleration", toleration));
    seen.add(own);
  }
}

/** What is wrong with a change of a RuntimeClass: its handler stays. */
export function* runtimeClassUpdateErrors(object: KubeObject, old: KubeObject): FieldErrors {
  const { handler = "" } = object as Unchecked<V1RuntimeClass>;
  yield* runtimeClassErrors(object);
  yield* objectMetaUpdateErrors(object, old);
  yield* immutableFieldErrors("handler", handler, (old as Unchecked<V1RuntimeClass>).handler);
}
