import type { V1MatchResources, V1ParamRef } from "@kubernetes/client-node";
import type { Unchecked } from "../../object.ts";
import { invalidBecause, requiredValue, type FieldErrors } from "../field-error.ts";
import { dns1123Subdomain } from "../meta/names.ts";
import { matchResourcesErrors } from "./match-resources-errors.ts";
import { paramRefErrors } from "./param-kind-errors.ts";

/** What is wrong with what the bindings of policies of both sorts have. */
export function* policyBindingErrors({
  policyName = "",
  paramRef,
  matchResources,
}: {
  readonly policyName?: string;
  readonly paramRef?: Unchecked<V1ParamRef>;
  readonly matchResources?: Unchecked<V1MatchResources>;
}): FieldErrors {
  if (policyName === "") yield requiredValue("spec.policyName");
  else yield* invalidBecause("spec.policyName", policyName, dns1123Subdomain(policyName));
  if (paramRef !== undefined) yield* paramRefErrors("spec.paramRef", paramRef);
  if (matchResources !== undefined) yield* matchResourcesErrors("spec.matchResources", matchResources);
}
