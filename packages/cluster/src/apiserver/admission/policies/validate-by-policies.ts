import { bindVariables, fromJson, type JsonObject, type ServedType } from "@seaworthy/kube";
import type { ApiContext } from "../../api-context.ts";
import { forbidden, StatusError } from "../../http/status-error.ts";
import type { AdmissionAttributes, AdmissionRequest, Validate } from "../admission-request.ts";
import { admissionBindings } from "../matching/admission-bindings.ts";
import { matchRequest } from "../matching/match-request.ts";
import { boundPolicies, type BoundPolicy } from "./bound-policies.ts";
import { collectParams, paramResource } from "./collect-params.ts";
import { compiledPolicy } from "./compiled-policies.ts";
import { decide, type Denial } from "./decide.ts";
import type { PolicyBinding, ValidatingPolicy } from "./policy-objects.ts";

/** A refusal of a policy, and of which binding of it. */
interface BoundDenial extends Denial {
  readonly policy: ValidatingPolicy;
  readonly binding: PolicyBinding | undefined;
}

/**
 * ValidatingAdmissionPolicies, all of which are asked; the first that denies is the one that is named.
 * https://github.com/kubernetes/apiserver/blob/v0.36.3/pkg/admission/plugin/policy/validating/dispatcher.go
 */
export function validateByPolicies(
  context: ApiContext,
  attributes: AdmissionAttributes,
): Validate | undefined {
  const bound = boundPolicies<ValidatingPolicy>(context, "validating", attributes);
  if (bound.length === 0) return undefined;
  return (request) => {
    const [first] = bound.flatMap((each) => [...denials(context, request, each)]);
    return first === undefined ? Promise.resolve() : Promise.reject(refusal(request, first));
  };
}

function* denials(
  context: ApiContext,
  request: AdmissionRequest,
  { policy, bindings }: BoundPolicy<ValidatingPolicy>,
): Generator<BoundDenial> {
  const { paramKind, matchConstraints = {}, failurePolicy } = policy.spec;
  const failed = (binding: PolicyBinding | undefined, error: unknown): BoundDenial[] => {
    if (failurePolicy === "Ignore") return [];
    const what = binding === undefined ? "policy" : "binding";
    return [{ policy, binding, message: `failed to configure ${what}: ${(error as Error).message}` }];
  };
  let type: ServedType | undefined;
  try {
    type = matchRequest(context, matchConstraints, request);
    if (type !== undefined && paramKind !== undefined) paramResource(context, paramKind);
  } catch (error) {
    return yield* failed(undefined, error);
  }
  if (type === undefined) return;
  for (const binding of bindings) {
    let params: readonly (JsonObject | undefined)[];
    try {
      if (matchRequest(context, binding.spec.matchResources ?? {}, request) === undefined) continue;
      params = collectParams(context, policy, binding, request.namespace);
    } catch (error) {
      yield* failed(binding, error);
      continue;
    }
    for (const each of params) {
      const own = bindVariables(
        compiledPolicy(policy),
        admissionBindings(context, request, type),
        fromJson(each),
      );
      for (const denial of decide(policy, own)) yield* acted(request, { ...denial, policy, binding });
    }
  }
}

/** What a binding wants to be done about a refusal. There is no audit log in which it could be noted. */
function acted({ warnings }: AdmissionRequest, denial: BoundDenial): BoundDenial[] {
  const { policy, binding, message } = denial;
  const actions = denial.isFatal === true ? ["Deny"] : (binding?.spec.validationActions ?? []);
  if (actions.includes("Warn"))
    warnings.push(
      `Validation failed for ValidatingAdmissionPolicy '${policy.metadata.name}' with binding '${binding?.metadata.name}': ${message}`,
    );
  return actions.includes("Deny") ? [denial] : [];
}

const codes: Readonly<Record<string, number>> = {
  Forbidden: 403,
  Unauthorized: 401,
  RequestEntityTooLarge: 413,
  Invalid: 422,
};

function refusal(request: AdmissionRequest, { policy, binding, message, reason }: BoundDenial): StatusError {
  const by = binding === undefined ? "" : ` with binding '${binding.metadata.name}'`;
  const why = `ValidatingAdmissionPolicy '${policy.metadata.name}'${by} denied request: ${message}`;
  const named = forbidden(request.resource.type, nameOf(request), why, [{ message: why }]);
  return new StatusError(
    codes[reason ?? "Invalid"] ?? 422,
    reason ?? "Invalid",
    named.message,
    named.details,
  );
}

/** The name of what a request is about, also where it is yet to be made. */
export function nameOf({ name, object }: AdmissionRequest): string {
  if (name !== "") return name;
  const metadata = (object?.["metadata"] ?? {}) as { name?: string; generateName?: string };
  return [metadata.name, metadata.generateName].find((each) => (each ?? "") !== "") ?? "Unknown";
}
