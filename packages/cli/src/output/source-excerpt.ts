import type { Place } from "@seaworthy/errors";
import { breakParts } from "./break-parts.ts";
import type { Telling } from "./format-told.ts";
import { headOf, tailOf, widthOf } from "./text-width.ts";

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
  const { before, marked, after } = around(plainLine(sourceLine), column - 1, length, room);
  // The caret's line repeats tabs to stay below its mark, for nobody knows how wide a screen shows them.
  const indent = before.replace(/[^\t]+/g, (text) => " ".repeat(widthOf(text)));
  const at = widthOf(before);
  const caret = "^".repeat(Math.max(1, widthOf(marked.replaceAll("\t", " "))));
  const below = `${" ".repeat(margin)}│ `;
  const source = `${number.padStart(2)}│ ${before}${marked}${after}`;
  const mark = `${below}${indent}${paint("red", caret)}`;
  if (label === undefined) return [source, mark];
  const fits = width === undefined || at + caret.length + 1 + widthOf(label) <= room;
  if (fits) return [source, `${mark} ${label}`];
  const parts = breakParts(label.split(" "), " ", room);
  const left = Math.max(0, Math.min(at, room - Math.max(...parts.map(widthOf))));
  return [source, mark, ...parts.map((part) => `${below}${" ".repeat(left)}${part}`)];
}

/** The parts of a line for which there is room: before the spot, the spot itself, and behind it. */
function around(line: string, at: number, length: number, room: number) {
  const [before, spot, after] = [line.slice(0, at), line.slice(at, at + length), line.slice(at + length)];
  // The first comparison spares the measuring of endless lines.
  if (line.length <= room * 8 && widthOf(line) <= room) return { before, marked: spot, after };
  const isNear =
    before.length < room * 8 &&
    widthOf(before) + Math.min(widthOf(headOf(spot, room)), Math.floor(room / 2)) < room;
  const rest = isNear ? room - widthOf(before) : room - Math.floor(room / 4);
  const isWhole = !isNear && after.length <= room * 8 && widthOf(spot + after) <= rest;
  const shown = isWhole ? spot + after : `${headOf(spot + after, rest - 1)}…`;
  const marked = headOf(spot, isWhole ? rest : rest - 1);
  const start = isNear ? before : `…${tailOf(before, room - widthOf(shown) - 1)}`;
  return { before: start, marked, after: shown.slice(marked.length) };
}

/** What a terminal obeys is not shown to it: a manifest of others may hold such characters. */
export function plainLine(text: string): string {
  // oxlint-disable-next-line no-control-regex -- These are the ones that are meant.
  return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, "\ufffd");
}
