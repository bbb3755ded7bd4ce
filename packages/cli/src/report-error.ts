import { exitCodes, SeaworthyError } from "@seaworthy/errors";
import type { CommandContext } from "./command.ts";
import { paintFor } from "./output/paint.ts";
import { errorAsData, formatError } from "./print-error.ts";

/** Prints an error, or each of several, and gives the exit code. */
export function reportError(error: unknown, json: boolean, context: CommandContext): number {
  const errors = allErrors(error).map((each) => asSeaworthyError(each));
  if (json) context.stdout.write(`${JSON.stringify(errorsAsData(error), undefined, 2)}\n`);
  const paint = paintFor(context.stderr);
  context.stderr.write(errors.map((each) => formatError(each, paint)).join("\n"));
  return Math.max(...errors.map((each) => exitCodes[each.fault]));
}

/** An error, or each of several, as data. */
export function errorsAsData(error: unknown): { readonly schema: string; readonly errors: object[] } {
  const errors = allErrors(error).map((each) => errorAsData(asSeaworthyError(each)));
  return { schema: "seaworthy.dev/error/v1", errors };
}

function allErrors(error: unknown): unknown[] {
  return error instanceof AggregateError ? error.errors.flatMap((each) => allErrors(each)) : [error];
}

function asSeaworthyError(error: unknown): SeaworthyError {
  if (error instanceof SeaworthyError) return error;
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return new SeaworthyError("SW7001", error instanceof Error ? error.message : String(error), {
    why: "this is a bug in seaworthy, not in your input",
    seen: stack
      .split("\n")
      .slice(1, 6)
      .map((line) => line.trim()),
    next: ["report it with these lines and the command that you ran"],
    cause: error,
  });
}
