/** As cel-go shows where something is wrong. */
export function located(text: string, position: number, message: string): string {
  const before = text.slice(0, position).split("\n");
  const line = text.split("\n")[before.length - 1] ?? "";
  const column = (before.at(-1) ?? "").length;
  return `ERROR: <input>:${before.length}:${column + 1}: ${message}\n | ${line}\n | ${".".repeat(column)}^`;
}

/** What Kubernetes says of an expression that the library cannot parse. */
export function syntaxError(text: string, error: unknown): string {
  const { summary = String(error), range } = error as { summary?: string; range?: { start: number } };
  return located(text, range?.start ?? 0, `Syntax error: ${summary}`);
}

/** What the library says of an expression, without showing it. */
export function summaryOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split("\n")[0] ?? "";
}
