import { SeaworthyError } from "@seaworthy/errors";
import type { Expectation } from "@seaworthy/load";
import type { FlagValues } from "../command.ts";
import { listFlag, textFlag } from "../flag-values.ts";

/** What makes an answer good, by the `--expect-…` flags. Throws SW1002. */
export function readExpectation(flags: FlagValues): Expectation {
  const body = textFlag(flags, "expect-body");
  const headers = listFlag(flags, "expect-header").map((text) => readHeader(text));
  return {
    // With --grpc they are codes of the call.
    status: readStatuses(
      (flags["grpc"] === undefined ? textFlag(flags, "expect-status") : undefined) ?? "200-399",
    ),
    ...(headers.length === 0 ? {} : { headers }),
    ...(body === undefined ? {} : { body: { contains: body } }),
  };
}

/** `200-299,404`. */
function readStatuses(text: string): (readonly [from: number, to: number])[] {
  return text.split(",").map((part) => {
    const match = /^(\d{3})(?:-(\d{3}))?$/.exec(part.trim());
    const from = Number(match?.[1]);
    const to = Number(match?.[2] ?? match?.[1]);
    if (from >= 100 && from <= to) return [from, to] as const;
    throw new SeaworthyError("SW1002", `--expect-status cannot be ${text}`, {
      field: "--expect-status",
      next: ["give statuses and ranges of them: --expect-status 200-299,404"],
    });
  });
}

/** `x-version: ^2\.` must match, `x-version` must be there. */
function readHeader(text: string): { readonly name: string; readonly pattern?: string } {
  const [, name, pattern] = /^([!#$%&'*+\-.^_`|~0-9A-Za-z]+)(?:\s*:\s*(.+))?$/.exec(text.trim()) ?? [];
  if (name === undefined || !isRegExp(pattern ?? ""))
    throw new SeaworthyError("SW1002", `--expect-header cannot be ${text}`, {
      field: "--expect-header",
      next: ["give a name, or a name and a regular expression: --expect-header 'x-version: ^2'"],
    });
  return { name: name.toLowerCase(), ...(pattern === undefined ? {} : { pattern }) };
}

function isRegExp(text: string): boolean {
  try {
    return new RegExp(text) instanceof RegExp;
  } catch {
    return false;
  }
}
