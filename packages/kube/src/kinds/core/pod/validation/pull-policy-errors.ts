import { unsupportedValue, type FieldErrors } from "../../../field-error.ts";

const policies = ["Always", "IfNotPresent", "Never"];

/** What is wrong with a pull policy; an absent one has a default. */
export function* pullPolicyErrors(field: string, policy: string | undefined): FieldErrors {
  if (policy !== undefined && !policies.includes(policy)) yield unsupportedValue(field, policy, policies);
}
