import { createContext, Script } from "node:vm";
import type { Bindings, CompiledExpression } from "./compile-expression.ts";

/** What an expression gave, or why it gave nothing. */
export type Answer = { readonly value: unknown } | { readonly error: string };

/** Asks an expression, and says in Kubernetes' words what went wrong. */
export function askExpression({ text, ask, error, gap }: CompiledExpression, bindings: Bindings): Answer {
  if (error !== undefined) return { error: `compilation error: ${error}` };
  if (ask === undefined) return { error: `expression '${text}' cannot be evaluated here: ${gap ?? ""}` };
  try {
    return { value: ask(bindings) };
  } catch (problem) {
    return { error: `expression '${text}' resulted in error: ${problemOf(problem)}` };
  }
}

function problemOf(problem: unknown): string {
  const { summary, message } = problem as { summary?: string; message: string };
  const said = summary ?? message;
  return said.charAt(0).toLowerCase() + said.slice(1);
}

/** How long the expressions of one policy may take for one request. Kubernetes counts what they cost instead. */
export const longestEvaluationMs = 1000;

/** In Kubernetes' words. */
export const outOfBudget =
  "validation failed due to running out of cost budget, no further validation rules will be run";

/**
 * Runs what evaluates expressions, and ends it when it takes too long: expressions have no loops without an end, but
 * nested ones over long lists, and patterns. Undefined when it was ended.
 */
export function withinBudget<T>(evaluate: () => T): { readonly result: T } | undefined {
  const context = (sandbox ??= createContext({ run: undefined }));
  const outer: unknown = context["run"];
  let done: { readonly result: T } | undefined;
  context["run"] = () => {
    done = { result: evaluate() };
  };
  try {
    script.runInContext(context, { timeout: longestEvaluationMs });
  } catch (error) {
    if ((error as { code?: string }).code !== "ERR_SCRIPT_EXECUTION_TIMEOUT") throw error;
    return undefined;
  } finally {
    context["run"] = outer;
  }
  return done;
}

const script = new Script("run()");
let sandbox: ReturnType<typeof createContext> | undefined;
