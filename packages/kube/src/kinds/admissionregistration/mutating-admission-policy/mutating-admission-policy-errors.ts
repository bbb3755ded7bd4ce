import type { V1MutatingAdmissionPolicy, V1Mutation } from "@kubernetes/client-node";
import { compilePolicy, type CompiledPolicy } from "../../../admission-expressions/compile-policy.ts";
import type { KubeObject, Unchecked } from "../../../object.ts";
import { invalidValue, requiredValue, unsupportedValue, type FieldErrors } from "../../field-error.ts";
import { objectMetaErrors } from "../../meta/object-meta-errors.ts";
import { policyErrors, type UncheckedPolicySpec } from "../policy-errors.ts";

/** Nothing can be changed in what is taken away. */
export const mutableOperations: readonly string[] = ["*", "CONNECT", "CREATE", "UPDATE"];

const reinvocationPolicies = ["IfNeeded", "Never"];

/** What is wrong with a MutatingAdmissionPolicy, new or changed. */
export function* mutatingAdmissionPolicyErrors(object: KubeObject, old?: KubeObject): FieldErrors {
  const { spec = {} } = object as Unchecked<V1MutatingAdmissionPolicy>;
  const { mutations = [], reinvocationPolicy = "" } = spec;
  yield* objectMetaErrors(object);
  const before = old === undefined ? undefined : ((old["spec"] ?? {}) as UncheckedPolicySpec);
  const compiled = compilePolicy(spec);
  yield* policyErrors(spec, before, compiled, mutableOperations);
  if (mutations.length === 0)
    yield requiredValue("spec.mutations", "mutations must contain at least one item");
  for (const [index, mutation] of mutations.entries())
    yield* mutationErrors(`spec.mutations[${index}]`, mutation, compiled);
  if (reinvocationPolicy === "") yield requiredValue("spec.reinvocationPolicy");
  else if (!reinvocationPolicies.includes(reinvocationPolicy))
    yield unsupportedValue("spec.reinvocationPolicy", reinvocationPolicy, reinvocationPolicies);
}

/** The field that each type of patch has. */
const patchFields = { ApplyConfiguration: "applyConfiguration", JSONPatch: "jsonPatch" } as const;
const patchTypes = ["ApplyConfiguration", "JSONPatch"] as const;

/** What the expression of each type of patch gives. */
export const patchResults = { ApplyConfiguration: ["Object"], JSONPatch: ["list<JSONPatch>"] } as const;

function* mutationErrors(
  field: string,
  mutation: Unchecked<V1Mutation>,
  { compilePatch }: CompiledPolicy,
): FieldErrors {
  const { patchType = "" } = mutation;
  if (patchType === "") return yield requiredValue(`${field}.patchType`);
  const type = patchTypes.find((each) => each === patchType);
  if (type === undefined) return yield unsupportedValue(`${field}.patchType`, patchType, patchTypes);
  const own = patchFields[type];
  const other = own === "jsonPatch" ? "applyConfiguration" : "jsonPatch";
  const patch = mutation[own];
  if (patch === undefined)
    yield requiredValue(`${field}.${own}`, `must be specified when patchType is ${type}`);
  else if ((patch.expression ?? "").trim() === "") yield requiredValue(`${field}.${own}.expression`);
  else {
    const expression = (patch.expression ?? "").trim();
    const { error } = compilePatch(expression, patchResults[type]);
    if (error !== undefined) yield invalidValue(`${field}.${own}.expression`, expression, error);
  }
  if (mutation[other] !== undefined)
    yield invalidValue(`${field}.${other}`, `{${other}}`, `must not be specified when patchType is ${type}`);
}
