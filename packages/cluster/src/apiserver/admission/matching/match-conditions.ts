import {
  admissionEnvironment,
  askConditions,
  compileExpression,
  type Bindings,
  type ConditionsAnswer,
} from "@seaworthy/kube";

interface Condition {
  readonly name: string;
  readonly expression: string;
}

/** Whether the matchConditions of a webhook are met; each is read once. Those of policies may name parameters, too. */
export function matchConditions(
  conditions: readonly Condition[],
  failurePolicy: string | undefined,
  bindings: Bindings,
): ConditionsAnswer {
  const read =
    compiled.get(conditions) ??
    conditions.map(({ name, expression }) => ({
      name,
      expression: compileExpression(expression, admissionEnvironment(), ["bool"]),
    }));
  compiled.set(conditions, read);
  return askConditions(read, failurePolicy, bindings);
}

/** By the list of the stored configuration, which never changes. */
const compiled = new WeakMap<readonly Condition[], Parameters<typeof askConditions>[0]>();
