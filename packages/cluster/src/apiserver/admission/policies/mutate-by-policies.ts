import {
  appliedObject,
  askConditions,
  askExpression,
  bindVariables,
  builtInMergeType,
  deepEqual,
  fromJson,
  jsonPatch,
  mergeConfiguration,
  openApiMergeType,
  outOfBudget,
  patchOperations,
  withinBudget,
  type Bindings,
  type JsonObject,
  type ServedType,
} from "@seaworthy/kube";
import type { ApiContext } from "../../api-context.ts";
import { forbidden, StatusError } from "../../http/status-error.ts";
import type { AdmissionAttributes, AdmissionRequest, Mutate } from "../admission-request.ts";
import { admissionBindings } from "../matching/admission-bindings.ts";
import { matchRequest } from "../matching/match-request.ts";
import { boundPolicies } from "./bound-policies.ts";
import { collectParams, paramResource } from "./collect-params.ts";
import { compiledPolicy } from "./compiled-policies.ts";
import type { Mutation, MutatingPolicy, PolicyBinding } from "./policy-objects.ts";
import { nameOf } from "./validate-by-policies.ts";

/** A policy that is to change an object, by one of its bindings and with one set of parameters. */
interface Invocation {
  readonly policy: MutatingPolicy;
  readonly binding: PolicyBinding;
  readonly type: ServedType;
  readonly params: JsonObject | undefined;
}

/** What went wrong, and with which policy. */
interface Failure {
  readonly policy: MutatingPolicy;
  readonly binding?: PolicyBinding;
  readonly message: string;
  readonly reason?: string;
}

/**
 * MutatingAdmissionPolicies, in the order of their names. In the second round those are asked again that want to be, where
 * the object has changed since they were.
 * https://github.com/kubernetes/apiserver/blob/v0.36.3/pkg/admission/plugin/policy/mutating/dispatcher.go
 */
export function mutateByPolicies(context: ApiContext, attributes: AdmissionAttributes): Mutate | undefined {
  if (attributes.operation === "DELETE") return undefined;
  const bound = boundPolicies<MutatingPolicy>(context, "mutating", attributes);
  if (bound.length === 0) return undefined;
  /** What each of them left behind in the first round. */
  const left = new Map<string, JsonObject | undefined>();
  return (request, again) => {
    const failures: Failure[] = [];
    const invocations = bound.flatMap(({ policy, bindings }) =>
      invocationsOf(context, request, policy, bindings, failures),
    );
    const before = request.object;
    for (const invocation of invocations) {
      const key = keyOfInvocation(invocation);
      if (again && !wantsAgain(invocation, left.has(key), left.get(key), request.object)) continue;
      invoke(context, request, invocation, failures);
      left.set(key, request.object);
    }
    const fatal = failures.filter(({ policy }) => policy.spec.failurePolicy !== "Ignore");
    if (fatal.length > 0) return Promise.reject(refusal(request, fatal));
    return Promise.resolve(!deepEqual(before, request.object));
  };
}

function wantsAgain(
  { policy }: Invocation,
  wasAsked: boolean,
  left: JsonObject | undefined,
  now: JsonObject | undefined,
): boolean {
  return wasAsked && policy.spec.reinvocationPolicy === "IfNeeded" && !deepEqual(left, now);
}

function keyOfInvocation({ policy, binding, params }: Invocation): string {
  const { name = "", namespace = "" } = (params?.["metadata"] ?? {}) as { name?: string; namespace?: string };
  return [policy.metadata.name, binding.metadata.name, namespace, name].join("\n");
}

function invocationsOf(
  context: ApiContext,
  request: AdmissionRequest,
  policy: MutatingPolicy,
  bindings: readonly PolicyBinding[],
  failures: Failure[],
): Invocation[] {
  const { matchConstraints = {}, paramKind } = policy.spec;
  try {
    const type = matchRequest(context, matchConstraints, request);
    if (type === undefined) return [];
    if (paramKind !== undefined) paramResource(context, paramKind);
    return bindings.flatMap((binding) =>
      bindingInvocations(context, request, type, policy, binding, failures),
    );
  } catch (error) {
    failures.push({ policy, message: `failed to configure policy: ${(error as Error).message}` });
    return [];
  }
}

function bindingInvocations(
  context: ApiContext,
  request: AdmissionRequest,
  type: ServedType,
  policy: MutatingPolicy,
  binding: PolicyBinding,
  failures: Failure[],
): Invocation[] {
  try {
    if (matchRequest(context, binding.spec.matchResources ?? {}, request) === undefined) return [];
    const all = collectParams(context, policy, binding, request.namespace);
    return all.map((params) => ({ policy, binding, type, params }));
  } catch (error) {
    failures.push({ policy, binding, message: `failed to configure binding: ${(error as Error).message}` });
    return [];
  }
}

function invoke(
  context: ApiContext,
  request: AdmissionRequest,
  { policy, binding, type, params }: Invocation,
  failures: Failure[],
): void {
  const fail = (message: string) => failures.push({ policy, binding, message, reason: "Invalid" });
  const compiled = compiledPolicy(policy);
  // Each mutation sees what the one before it made.
  const bindings = () => bindVariables(compiled, admissionBindings(context, request, type), fromJson(params));
  const answer = askConditions(compiled.conditions, policy.spec.failurePolicy, bindings());
  if ("error" in answer) return void fail(answer.error);
  if (!answer.matches) return;
  for (const mutation of policy.spec.mutations ?? []) {
    const { object } = request;
    if (object === undefined) continue;
    try {
      const changed = mutated(policy, mutation, bindings(), object, request);
      request.object = request.complete?.(changed) ?? changed;
    } catch (error) {
      if (error instanceof StatusError) throw error;
      fail((error as Error).message);
    }
  }
}

function mutated(
  policy: MutatingPolicy,
  { patchType, applyConfiguration, jsonPatch: patch }: Mutation,
  bindings: Bindings,
  object: JsonObject,
  request: AdmissionRequest,
): JsonObject {
  const { compilePatch } = compiledPolicy(policy);
  const isApply = patchType === "ApplyConfiguration";
  const text = (isApply ? applyConfiguration : patch)?.expression.trim() ?? "";
  const asked = withinBudget(() => {
    const answer = askExpression(compilePatch(text, isApply ? ["Object"] : ["list<JSONPatch>"]), bindings);
    if ("error" in answer) throw new TypeError(answer.error);
    return isApply ? appliedObject(answer.value) : patchOperations(answer.value);
  });
  if (asked === undefined) throw new TypeError(outOfBudget);
  return Array.isArray(asked.result) ? patched(object, asked.result) : applied(object, asked.result, request);
}

function applied(object: JsonObject, config: JsonObject, { resource, kind }: AdmissionRequest): JsonObject {
  const { apiVersion } = object as { apiVersion: string };
  const isOwn = kind.kind === resource.type.kind;
  const type =
    builtInMergeType(apiVersion, kind.kind) ??
    openApiMergeType(isOwn ? resource.type.openAPIV3Schema : undefined);
  try {
    return mergeConfiguration(object, { ...config, apiVersion, kind: kind.kind }, type);
  } catch (error) {
    throw new TypeError(`error applying patch: ${(error as Error).message}`, { cause: error });
  }
}

/** A patch whose test fails changes nothing. */
function patched(object: JsonObject, operations: ReturnType<typeof patchOperations>): JsonObject {
  try {
    return jsonPatch(object, operations) as JsonObject;
  } catch (error) {
    const { message } = error as Error;
    if (/testing value .* failed$/.test(message)) return object;
    throw new TypeError(`JSON Patch: ${message}`, { cause: error });
  }
}

function refusal(request: AdmissionRequest, failures: readonly Failure[]): StatusError {
  const messages = failures.map(({ policy, binding, message }) =>
    binding === undefined
      ? `policy ${JSON.stringify(policy.metadata.name)} denied request: ${message}`
      : `policy '${policy.metadata.name}' with binding '${binding.metadata.name}' denied request: ${message}`,
  );
  const causes = messages.map((message) => ({ message }));
  const { code, reason, details } = forbidden(request.resource.type, nameOf(request), "", causes);
  return new StatusError(code, failures[0]?.reason ?? reason, messages[0] ?? "", details);
}
