import type { Environment } from "@marcbachmann/cel-js";
import {
  admissionEnvironment,
  admissionEnvironmentWithParams,
  compileExpression,
  type Bindings,
  type CompiledExpression,
} from "./compile-expression.ts";
import { askExpression } from "./ask-expression.ts";
import type { CompiledCondition } from "./match-conditions.ts";
import { registerPatchTypes } from "./patch-library.ts";
import { asCalls } from "./object-literals.ts";

/** What of the spec of a policy its expressions depend on. */
export interface PolicyExpressions {
  readonly paramKind?: unknown;
  readonly variables?: readonly { readonly name?: string; readonly expression?: string }[];
  readonly matchConditions?: readonly { readonly name?: string; readonly expression?: string }[];
}

/** A variable that was read. */
export interface CompiledVariable {
  readonly name: string;
  readonly expression: CompiledExpression;
}

/** A policy whose conditions and variables were read, and which reads expressions that may name them. */
export interface CompiledPolicy {
  readonly conditions: readonly CompiledCondition[];
  readonly variables: readonly CompiledVariable[];
  /** Reads an expression that may name variables and parameters; `types` are those that it may have. */
  compile(text: string, types: readonly string[]): CompiledExpression;
  /** The same for one that makes a patch. */
  compilePatch(text: string, types: readonly string[]): CompiledExpression;
}

/**
 * Reads what both sorts of policies have. A variable may name those before it.
 * https://github.com/kubernetes/apiserver/blob/v0.36.3/pkg/admission/plugin/cel/composition.go
 */
export function compilePolicy({
  paramKind,
  variables = [],
  matchConditions = [],
}: PolicyExpressions): CompiledPolicy {
  const base = paramKind === undefined ? admissionEnvironment() : admissionEnvironmentWithParams();
  const compiled: CompiledVariable[] = [];
  let environment = base;
  for (const { name = "", expression = "" } of variables) {
    compiled.push({ name, expression: compileExpression(expression, environment, []) });
    environment = withVariables(base, compiled);
  }
  let patching: Environment | undefined;
  const known = new Map<string, CompiledExpression>();
  const once = (text: string, types: readonly string[], compile: () => CompiledExpression) => {
    const key = `${types.join(" ")}\n${text}`;
    const expression = known.get(key) ?? compile();
    known.set(key, expression);
    return expression;
  };
  return {
    variables: compiled,
    conditions: matchConditions.map(({ name = "", expression = "" }) => ({
      name,
      expression: compileExpression(expression, base, ["bool"]),
    })),
    compile: (text, types) => once(text, types, () => compileExpression(text, environment, types)),
    compilePatch(text, types) {
      const own = (patching ??= registerPatchTypes(environment.clone()));
      return once(text, types, () => compileExpression(text, own, types, asCalls));
    },
  };
}

/** The library tells types by their class. */
class Variables {
  toJSON(): object {
    return Object.fromEntries(Object.entries(this));
  }
}

function withVariables(base: Environment, variables: readonly CompiledVariable[]): Environment {
  const types = Object.fromEntries(variables.map(({ name, expression }) => [name, expression.type]));
  try {
    return declare(base, types);
  } catch {
    // A type that cannot be written down is found out when the variable is asked for.
    return declare(base, Object.fromEntries(Object.keys(types).map((name) => [name, "dyn"])));
  }
}

function declare(base: Environment, fields: Readonly<Record<string, string>>): Environment {
  const type = "kubernetes.variables";
  return base.clone().registerType(type, { ctor: Variables, fields }).registerVariable("variables", type);
}

/** Adds parameters and the variables of a policy to bindings. A variable is evaluated when it is first asked for. */
export function bindVariables({ variables }: CompiledPolicy, bindings: Bindings, params: unknown): Bindings {
  const all = Object.defineProperties({}, Object.getOwnPropertyDescriptors(bindings)) as Bindings;
  const values = new Variables();
  Object.defineProperties(all, { params: { value: params }, variables: { value: values } });
  for (const { name, expression } of variables) {
    let answer: ReturnType<typeof askExpression> | undefined;
    const get = () => {
      answer ??= askExpression(expression, all);
      if ("error" in answer) throw new TypeError(failure(name, expression, answer.error));
      return answer.value;
    };
    Object.defineProperty(values, name, { enumerable: true, configurable: true, get });
  }
  return all;
}

function failure(name: string, { error }: CompiledExpression, why: string): string {
  if (error !== undefined) return `composited variable "${name}" fails to compile: ${error}`;
  const [, cause = why] = /' resulted in error: (.*)$/s.exec(why) ?? [];
  return `composited variable "${name}" fails to evaluate: ${cause}`;
}
