import { styleText } from "node:util";
import type { SeaworthyError } from "@seaworthy/errors";

/** Colours a text for a stream; words carry the meaning, so that no colour is needed. */
export type Paint = (style: Parameters<typeof styleText>[0], text: string) => string;

/** Colours as the stream allows: none without a terminal or with NO_COLOR. */
export function paintFor(stream: NodeJS.WritableStream): Paint {
  return (style, text) => styleText(style, text, { stream: stream });
}

const plainPaint: Paint = (_, text) => text;

/**
 * An error for people: first line alone says it; then the place with its line and a caret, why it is one,
 * what was seen, and what to do now. A rule at the left marks where it begins and ends.
 */
export function formatError(error: SeaworthyError, paint: Paint = plainPaint): string {
  const { place, object, field, why, seen = [], next = [] } = error.details;
  const label = error.fault === "proof" ? "proves nothing" : "error";
  const lines = [
    `${paint(["bold", "red"], `${label}[${error.code}]`)}${paint("bold", `: ${error.message}`)}`,
  ];
  if (place !== undefined || object !== undefined || field !== undefined) {
    const where = place === undefined ? undefined : `${place.file}:${place.line}:${place.column}`;
    lines.push(ruled([where, object, field].filter((part) => part !== undefined && part !== "").join("   ")));
  }
  if (place?.sourceLine !== undefined)
    lines.push(...excerpt(place.line, place.sourceLine, place.column, place.length ?? 1, place.label, paint));
  if (why !== undefined && why !== place?.label) lines.push(...section("why ", [why]));
  lines.push(...section("seen", seen), ...section("next", next));
  return `${lines.join("\n")}\n`;
}

function ruled(text: string): string {
  return ` │ ${text}`;
}

const longestSourceLine = 120;

function excerpt(
  line: number,
  sourceLine: string,
  column: number,
  length: number,
  label: string | undefined,
  paint: Paint,
): string[] {
  const number = String(line);
  // A tab counts as one column, so the caret's line repeats it to stay below its mark.
  const indent = sourceLine.slice(0, column - 1).replace(/[^\t]/g, " ");
  const caret = "^".repeat(Math.max(1, Math.min(length, sourceLine.length - column + 1)));
  return [
    `${number.padStart(2)}│ ${sourceLine.slice(0, longestSourceLine)}`,
    `${" ".repeat(Math.max(2, number.length))}│ ${indent}${paint("red", caret)}${label === undefined ? "" : ` ${label}`}`,
  ];
}

function section(name: string, lines: readonly string[]): string[] {
  return lines
    .flatMap((line) => line.split("\n"))
    .map((line, index) => ruled(`${index === 0 ? name : " ".repeat(name.length)}  ${line}`));
}

/** The same object as data. */
export function errorAsData(error: SeaworthyError): Record<string, unknown> {
  const { place, object, field, why, seen, next } = error.details;
  return {
    code: error.code,
    fault: error.fault,
    message: error.message,
    ...(place === undefined ? {} : { file: place.file, line: place.line, column: place.column }),
    ...(object === undefined ? {} : { object }),
    ...(field === undefined ? {} : { field }),
    ...(why === undefined ? {} : { why }),
    seen: seen ?? [],
    next: next ?? [],
  };
}
