import { outOfBudget, withinBudget } from "../cel/within-budget.ts";
import { askExpression } from "./ask-expression.ts";
import type { Bindings, CompiledExpression } from "./compile-expression.ts";

/** What conditions say of a request. `name` is that of the condition that is not met. */
export type ConditionsAnswer =
  | { readonly matches: true }
  | { readonly matches: false; readonly name?: string }
  | { readonly error: string };

/** A condition that was read. */
export interface CompiledCondition {
  readonly name: string;
  readonly expression: CompiledExpression;
}

/**
 * Asks conditions. One that is false decides; an error decides only where none is false, by the failure policy.
 * https://github.com/kubernetes/apiserver/blob/v0.36.3/pkg/admission/plugin/webhook/matchconditions/matcher.go
 */
export function askConditions(
  conditions: readonly CompiledCondition[],
  failurePolicy: string | undefined,
  bindings: Bindings,
): ConditionsAnswer {
  if (conditions.length === 0) return { matches: true };
  const answered = withinBudget(() => askAll(conditions, bindings)) ?? { result: { errors: [outOfBudget] } };
  const answer = answered.result;
  if ("matches" in answer) return answer;
  if (answer.errors.length === 0) return { matches: true };
  if (failurePolicy === "Ignore") return { matches: false };
  const [first = ""] = answer.errors;
  return { error: answer.errors.length === 1 ? first : `[${[...new Set(answer.errors)].join(", ")}]` };
}

function askAll(
  conditions: readonly CompiledCondition[],
  bindings: Bindings,
): { readonly matches: false; readonly name: string } | { readonly errors: readonly string[] } {
  const errors: string[] = [];
  for (const { name, expression } of conditions) {
    const answer = askExpression(expression, bindings);
    if ("error" in answer) errors.push(answer.error);
    else if (answer.value === false) return { matches: false, name };
  }
  return { errors };
}
