import type { V1PriorityClass } from "@kubernetes/client-node";
import type { KubeObject, Unchecked } from "../../../object.ts";
import { forbiddenValue, unsupportedValue, type FieldErrors } from "../../field-error.ts";
import { immutableFieldErrors } from "../../meta/immutable-field-errors.ts";
import { coreObjectMetaErrors, coreObjectMetaUpdateErrors } from "../../meta/object-meta-errors.ts";
import { systemPriorities } from "./system-priorities.ts";

/** Priorities above it are the system's own. */
const highestOfUsers = 1_000_000_000;
/**
 * What is wrong with a new PriorityClass.
 * https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/apis/scheduling/validation/validation.go
 */
export function* priorityClassErrors(object: KubeObject): FieldErrors {
  const { value = 0, preemptionPolicy, globalDefault = false } = object as Unchecked<V1PriorityClass>;
  const { name = "" } = object.metadata;
  yield* coreObjectMetaErrors(object);
  if (name.startsWith("system-")) {
    const error = systemClassError(name, value, globalDefault);
    if (error !== undefined)
      yield forbiddenValue(
        "metadata.name",
        `priority class names with 'system-' prefix are reserved for system use only. error: ${error}`,
      );
  } else if (value > highestOfUsers) {
    yield forbiddenValue("value", `maximum allowed value of a user defined priority is ${highestOfUsers}`);
  }
  const policies = ["PreemptLowerPriority", "Never"];
  if (preemptionPolicy !== undefined && !policies.includes(preemptionPolicy))
    yield unsupportedValue("preemptionPolicy", preemptionPolicy, policies);
}

/** What is wrong with a change of a PriorityClass: what it means for pods stays. */
export function* priorityClassUpdateErrors(object: KubeObject, old: KubeObject): FieldErrors {
  const { value = 0, preemptionPolicy } = object as Unchecked<V1PriorityClass>;
  const before = old as Unchecked<V1PriorityClass>;
  yield* coreObjectMetaUpdateErrors(object, old);
  if (value !== (before.value ?? 0)) yield forbiddenValue("value", "may not be changed in an update.");
  yield* immutableFieldErrors("preemptionPolicy", preemptionPolicy, before.preemptionPolicy);
}

function systemClassError(name: string, value: number, globalDefault: boolean): string | undefined {
  const expected = systemPriorities.find(({ metadata }) => metadata.name === name)?.value;
  if (expected === undefined) return `${name} is not a known system priority class`;
  if (value !== expected) return `value of ${name} PriorityClass must be ${expected}`;
  return globalDefault ? `globalDefault of ${name} PriorityClass must be false` : undefined;
}
