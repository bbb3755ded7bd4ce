import type { V1ValidatingAdmissionPolicyBinding } from "@kubernetes/client-node";
import type { KubeObject, Unchecked } from "../../../object.ts";
import {
  duplicateValue,
  invalidBecause,
  invalidValue,
  requiredValue,
  unsupportedValue,
  type FieldErrors,
} from "../../field-error.ts";
import { dns1123Subdomain } from "../../meta/names.ts";
import { objectMetaErrors } from "../../meta/object-meta-errors.ts";
import { matchResourcesErrors } from "../match-resources-errors.ts";
import { paramRefErrors } from "../param-kind-errors.ts";

/** What is wrong with the binding of a policy, new or changed. */
export function* validatingAdmissionPolicyBindingErrors(object: KubeObject): FieldErrors {
  const { spec = {} } = object as Unchecked<V1ValidatingAdmissionPolicyBinding>;
  const { policyName = "", paramRef, matchResources, validationActions = [] } = spec;
  yield* objectMetaErrors(object);
  if (policyName === "") yield requiredValue("spec.policyName");
  else yield* invalidBecause("spec.policyName", policyName, dns1123Subdomain(policyName));
  if (paramRef !== undefined) yield* paramRefErrors("spec.paramRef", paramRef);
  if (matchResources !== undefined) yield* matchResourcesErrors("spec.matchResources", matchResources);
  yield* actionErrors("spec.validationActions", validationActions);
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
