import type { V1MatchCondition } from "@kubernetes/client-node";
import type { Environment } from "@marcbachmann/cel-js";
import { admissionEnvironment, compileExpression } from "../../admission-expressions/compile-expression.ts";
import type { Unchecked } from "../../object.ts";
import {
  duplicateValue,
  invalidBecause,
  invalidValue,
  requiredValue,
  tooManyValues,
  type FieldErrors,
} from "../field-error.ts";
import { qualifiedName } from "../meta/names.ts";

const mostConditions = 64;

/** What is wrong with the conditions of a webhook or a policy, which may name what `environment` knows. */
export function* matchConditionErrors(
  field: string,
  conditions: readonly Unchecked<V1MatchCondition>[] | undefined,
  environment: Environment = admissionEnvironment(),
): FieldErrors {
  const count = conditions?.length ?? 0;
  if (count > mostConditions) yield tooManyValues(field, count, mostConditions);
  const names = new Set<string>();
  for (const [index, { name = "", expression = "" }] of (conditions ?? []).entries()) {
    const at = `${field}[${index}]`;
    if (expression.trim() === "") yield requiredValue(`${at}.expression`);
    else {
      const { error } = compileExpression(expression.trim(), environment, ["bool"]);
      if (error !== undefined) yield invalidValue(`${at}.expression`, expression.trim(), error);
    }
    if (name === "") {
      yield requiredValue(`${at}.name`);
      continue;
    }
    yield* invalidBecause(`${at}.name`, name, qualifiedName(name));
    if (names.has(name)) yield duplicateValue(`${at}.name`, name);
    names.add(name);
  }
}
