import type { V1ValidatingAdmissionPolicyBinding } from "@kubernetes/client-node";
import type { KubeObject, Unchecked } from "../../../object.ts";
import {
  duplicateValue,
  invalidValue,
  requiredValue,
  unsupportedValue,
  type FieldErrors,
} from "../../field-error.ts";
import { objectMetaErrors } from "../../meta/object-meta-errors.ts";
import { policyBindingErrors } from "../policy-binding-errors.ts";

/** What is wrong with the binding of a policy, new or changed. */
export function* validatingAdmissionPolicyBindingErrors(object: KubeObject): FieldErrors {
  const { spec = {} } = object as Unchecked<V1ValidatingAdmissionPolicyBinding>;
  yield* objectMetaErrors(object);
  yield* policyBindingErrors(spec);
  yield* actionErrors("spec.validationActions", spec.validationActions ?? []);
}

const actionsKnown = ["Audit", "Deny", "Warn"];

function* actionErrors(field: string, actions: readonly string[]): FieldErrors {
  for (const [index, action] of actions.entries()) {
    const at = `${field}[${index}]`;
    if (!actionsKnown.includes(action)) yield unsupportedValue(at, action, actionsKnown);
    if (actions.indexOf(action) < index) yield duplicateValue(at, action);
  }
  if (actions.includes("Deny") && actions.includes("Warn"))
    yield invalidValue(
      field,
      actions,
      "must not contain both Deny and Warn (repeating the same validation failure information in the API response and headers serves no purpose)",
    );
  if (actions.length === 0) yield requiredValue(field, "at least one validation action is required");
}
