import type { Place } from "@seaworthy/errors";
import type { Telling } from "./format-told.ts";

const longestLine = 120;

/** The line as written, and below it a caret with its label. Of a long line the part around the spot is shown. */
export function excerpt(
  { line, column, length = 1, label, isOfObject = false }: Place,
  sourceLine: string,
  { paint, width }: Telling,
): string[] {
  const number = isOfObject ? "" : String(line);
  const margin = Math.max(2, number.length);
  const room = width === undefined ? longestLine : Math.max(20, width - margin - 2);
  const { text, at } = around(plainLine(sourceLine), column - 1, length, room);
  // A tab counts as one column, so the caret's line repeats it to stay below its mark.
  const indent = text.slice(0, at).replace(/[^\t]/g, " ");
  const caret = "^".repeat(Math.max(1, Math.min(length, text.length - at)));
  const below = `${" ".repeat(margin)}│ `;
  const fits = label === undefined || width === undefined || at + caret.length + 1 + label.length <= room;
  const lines = [`${number.padStart(2)}│ ${text}`, `${below}${indent}${paint("red", caret)}`];
  if (label === undefined) return lines;
  if (fits) return [lines[0]!, `${lines[1]} ${label}`];
  return [...lines, `${below}${" ".repeat(Math.max(0, Math.min(at, room - label.length)))}${label}`];
}

/** The part of a line that has room, and where in it the spot begins. */
function around(line: string, at: number, length: number, room: number): { text: string; at: number } {
  if (line.length <= room) return { text: line, at };
  const end = Math.min(line.length, at + Math.min(length, Math.floor(room / 2)));
  if (end < room) return { text: `${line.slice(0, room - 1)}…`, at };
  const start = Math.max(0, Math.min(at - Math.floor(room / 4), line.length - room + 1));
  const rest = line.slice(start);
  const text = rest.length <= room - 1 ? `…${rest}` : `…${rest.slice(0, room - 2)}…`;
  return { text, at: at - start + 1 };
}

/** What a terminal obeys is not shown to it: a manifest of others may hold such characters. */
export function plainLine(text: string): string {
  // oxlint-disable-next-line no-control-regex -- These are the ones that are meant.
  return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, "\ufffd");
}
