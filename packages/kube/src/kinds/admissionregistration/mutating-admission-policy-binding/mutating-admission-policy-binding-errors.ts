import type { V1MutatingAdmissionPolicyBinding } from "@kubernetes/client-node";
import type { KubeObject, Unchecked } from "../../../object.ts";
import type { FieldErrors } from "../../field-error.ts";
import { objectMetaErrors } from "../../meta/object-meta-errors.ts";
import { mutableOperations } from "../mutating-admission-policy/mutating-admission-policy-errors.ts";
import { policyBindingErrors } from "../policy-binding-errors.ts";
import { operationErrors } from "../policy-errors.ts";

/** What is wrong with the binding of a MutatingAdmissionPolicy, new or changed. */
export function* mutatingAdmissionPolicyBindingErrors(object: KubeObject): FieldErrors {
  const { spec = {} } = object as Unchecked<V1MutatingAdmissionPolicyBinding>;
  yield* objectMetaErrors(object);
  yield* policyBindingErrors(spec);
  yield* operationErrors("spec.matchResources", spec.matchResources ?? {}, mutableOperations);
}
