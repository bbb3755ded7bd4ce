import { SeaworthyError } from "@seaworthy/errors";
import type { Setting } from "./setting.ts";

/** What is wrong with one flag, one environment variable or one line of the file. */
export interface SettingsProblem {
  readonly code: "SW8001" | "SW8002" | "SW8003";
  /** The flag, the variable or `file:line`. */
  readonly source: string;
  readonly message: string;
  readonly next: string;
}

/** A value that a setting cannot take. It contains neither a secret's value nor a parser's message about one. */
export function badValue(
  setting: Setting<unknown>,
  source: string,
  value: unknown,
  error: unknown,
): SettingsProblem {
  if (setting.secret) {
    return { code: "SW8001", source, message: `${source} cannot be used`, next: `use ${setting.allowed}` };
  }
  return {
    code: "SW8001",
    source,
    message: `${source} cannot be ${shorten(JSON.stringify(value) ?? String(value))}`,
    next: error instanceof Error ? error.message : String(error),
  };
}

/** Throws one error for all problems, if there are any. */
export function throwProblems(problems: readonly SettingsProblem[]): void {
  const [first, ...others] = problems;
  if (first === undefined) return;
  if (others.length === 0) {
    throw new SeaworthyError(first.code, first.message, { field: first.source, next: [first.next] });
  }
  const sources = problems.map(({ source }) => source).join(", ");
  throw new SeaworthyError(first.code, `${problems.length} settings cannot be used: ${sources}`, {
    field: first.source,
    seen: problems.map(({ message }) => message),
    next: problems.map(({ source, next }) => `${source}: ${next}`),
  });
}

const shownLength = 80;

function shorten(text: string): string {
  return text.length > shownLength ? `${text.slice(0, shownLength)}…` : text;
}
