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
