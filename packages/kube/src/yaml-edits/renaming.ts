import type { Spot } from "./find-spot.ts";
import { flowText } from "./new-text.ts";
import type { TextChange } from "./text-change.ts";

/** The change of text that gives a field another key. */
export function renaming(text: string, { holder }: Spot, key: string): TextChange | undefined {
  const range = holder?.pair?.key.range;
  if (range === undefined || range === null) return undefined;
  const isQuoted = text[range[0]] === '"';
  return { start: range[0], end: range[1], text: isQuoted ? JSON.stringify(key) : flowText(key) };
}
