import type { V1MatchCondition, V1MatchResources, V1ParamKind, V1Variable } from "@kubernetes/client-node";
import {
  admissionEnvironment,
  admissionEnvironmentWithParams,
} from "../../admission-expressions/compile-expression.ts";
import type { CompiledPolicy } from "../../admission-expressions/compile-policy.ts";
import { deepEqual } from "../../deep-equal.ts";
import type { Unchecked } from "../../object.ts";
import { invalidValue, requiredValue, unsupportedValue, type FieldErrors } from "../field-error.ts";
import { matchConditionErrors } from "./match-condition-errors.ts";
import { matchResourcesErrors } from "./match-resources-errors.ts";
import { paramKindErrors } from "./param-kind-errors.ts";

/** What policies of both sorts have, of which nothing has been checked. */
export interface UncheckedPolicySpec {
  readonly failurePolicy?: string;
  readonly paramKind?: Unchecked<V1ParamKind>;
  readonly matchConstraints?: Unchecked<V1MatchResources>;
  readonly matchConditions?: readonly Unchecked<V1MatchCondition>[];
  readonly variables?: readonly Unchecked<V1Variable>[];
}

/**
 * What is wrong with what both sorts of policies have; `compiled` are their expressions. Conditions that stay as they were
 * are let be. `operations` are those to which a policy is limited, all when absent.
 * https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/apis/admissionregistration/validation/validation.go
 */
export function* policyErrors(
  spec: UncheckedPolicySpec,
  before: UncheckedPolicySpec | undefined,
  compiled: CompiledPolicy,
  operations?: readonly string[],
): FieldErrors {
  const { failurePolicy = "Fail", paramKind, matchConstraints, variables = [] } = spec;
  if (failurePolicy !== "Fail" && failurePolicy !== "Ignore")
    yield unsupportedValue("spec.failurePolicy", failurePolicy, ["Fail", "Ignore"]);
  if (paramKind !== undefined) yield* paramKindErrors("spec.paramKind", paramKind);
  if (matchConstraints === undefined) {
    yield requiredValue("spec.matchConstraints");
  } else {
    yield* matchResourcesErrors("spec.matchConstraints", matchConstraints);
    if ((matchConstraints.resourceRules ?? []).length === 0)
      yield requiredValue("spec.matchConstraints.resourceRules");
    if (operations !== undefined)
      yield* operationErrors("spec.matchConstraints", matchConstraints, operations);
  }
  if (before === undefined || !hasSameConditions(spec, before))
    yield* matchConditionErrors(
      "spec.matchConditions",
      spec.matchConditions,
      paramKind === undefined ? admissionEnvironment() : admissionEnvironmentWithParams(),
    );
  for (const [index, variable] of variables.entries())
    yield* variableErrors(`spec.variables[${index}]`, variable, compiled.variables[index]?.expression.error);
}

/** What is wrong with the operations of a choice of requests where only some are possible. */
export function* operationErrors(
  field: string,
  { resourceRules = [] }: Unchecked<V1MatchResources>,
  possible: readonly string[],
): FieldErrors {
  for (const { operations = [] } of resourceRules)
    for (const operation of operations)
      if (!possible.includes(operation))
        yield unsupportedValue(`${field}.resourceRules.operations`, operation, possible);
}

function hasSameConditions(spec: UncheckedPolicySpec, before: UncheckedPolicySpec): boolean {
  return (
    deepEqual(spec.paramKind, before.paramKind) &&
    deepEqual(spec.matchConditions ?? [], before.matchConditions ?? [])
  );
}

const reserved =
  "true false null in as break const continue else for function if import let loop package namespace return var void while".split(
    " ",
  );

function* variableErrors(
  field: string,
  { name = "", expression = "" }: Unchecked<V1Variable>,
  error: string | undefined,
): FieldErrors {
  if (name.trim() === "") yield requiredValue(`${field}.name`, "name is not specified");
  else if (!/^[_a-zA-Z][_a-zA-Z0-9]*$/.test(name) || reserved.includes(name))
    yield invalidValue(`${field}.name`, name, "must be a valid CEL identifier");
  if (expression.trim() === "") yield requiredValue(`${field}.expression`, "expression is not specified");
  else if (error !== undefined) yield invalidValue(`${field}.expression`, expression, error);
}
