import { createContext, Script } from "node:vm";

/**
 * How long the expressions of one policy may take for one request, and the rules of a custom kind for one object. Kubernetes
 * counts what they cost instead.
 */
const longestEvaluationMs = 1000;

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
