import type { ApiContext } from "../../api-context.ts";
import type { AdmissionAttributes } from "../admission-request.ts";
import { mayMatch } from "../matching/match-request.ts";
import type { Policy, PolicyBinding } from "./policy-objects.ts";

/** A policy with all that binds it. One that nobody binds does nothing. */
export interface BoundPolicy<P extends Policy> {
  readonly policy: P;
  readonly bindings: readonly PolicyBinding[];
}

const group = "admissionregistration.k8s.io";

/** The policies that may have to do with a request, by their names. None has to do with policies and webhooks themselves. */
export function boundPolicies<P extends Policy>(
  { store }: ApiContext,
  sort: "validating" | "mutating",
  attributes: AdmissionAttributes,
): readonly BoundPolicy<P>[] {
  if (attributes.resource.type.group === group) return [];
  const policies = store.list(`${group}/${sort}admissionpolicies`);
  if (policies.length === 0) return [];
  const bindings = store
    .list(`${group}/${sort}admissionpolicybindings`)
    .map(({ object }) => object as PolicyBinding);
  return policies.flatMap(({ object }) => {
    const policy = object as P;
    const own = bindings.filter(({ spec }) => spec.policyName === policy.metadata.name);
    return own.length > 0 && mayMatch(policy.spec.matchConstraints ?? {}, attributes)
      ? [{ policy, bindings: own }]
      : [];
  });
}
