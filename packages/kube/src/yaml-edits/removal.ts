import { isMap, type Node } from "yaml";
import type { Holder, Spot } from "./find-spot.ts";
import { dashOf } from "./new-text.ts";
import { endOf, lineEnd, lineStart, pairTokens, type TextChange } from "./text-change.ts";

/** The change of text that takes a field or an item away. The last one of its kind leaves `{}` or `[]`. */
export function removal(text: string, { holder, above }: Spot): TextChange | undefined {
  if (holder === undefined) return undefined;
  const { collection } = holder;
  const index = indexOf(holder);
  const start = startOf(holder, index);
  const end = endOf(collection.items[index], text);
  if (start === undefined || end === undefined) return undefined;
  if (collection.items.length === 1) return emptied(text, holder, above.at(-1), end);
  if (collection.flow === true) return flowRemoval(holder, index, { start, end }, text);
  const isAloneInLine = text.slice(lineStart(text, start), start).trim() === "";
  if (isAloneInLine) {
    const next = text.indexOf("\n", text[end - 1] === "\n" ? end - 1 : end);
    if (next >= 0) return { start: lineStart(text, start), end: next + 1, text: "" };
    return { start: Math.max(0, lineStart(text, start) - 1), end: text.length, text: "" };
  }
  // It begins behind the dash of an item: the next field takes its place there, unless comments stand between.
  const next = startOf({ ...holder, ...at(holder, index + 1) }, index + 1);
  if (next === undefined) return undefined;
  const isJoined = text.slice(end, next).trim() === "";
  return { start, end: isJoined ? next : end, text: "" };
}

function indexOf({ collection, pair, index }: Holder): number {
  return pair === undefined ? index! : (collection.items as unknown[]).indexOf(pair);
}

function at({ collection }: Holder, index: number): Partial<Holder> {
  return isMap(collection) ? { pair: collection.items[index] as NonNullable<Holder["pair"]> } : { index };
}

function startOf({ collection, pair }: Holder, index: number): number | undefined {
  if (pair !== undefined) return pairTokens(pair)?.key;
  if (collection.flow !== true) return dashOf(collection, index);
  return (collection.items[index] as Node | undefined)?.range?.[0];
}

function emptied(
  text: string,
  { collection }: Holder,
  above: Holder | undefined,
  end: number,
): TextChange | undefined {
  const empty = isMap(collection) ? "{}" : "[]";
  const range = collection.range;
  if (range === undefined || range === null) return undefined;
  if (collection.flow === true) return { start: range[0], end: range[1], text: empty };
  const colon = above?.pair === undefined ? undefined : pairTokens(above.pair)?.colon;
  if (colon === undefined) return { start: range[0], end, text: empty };
  const behind = lineEnd(text, colon);
  return {
    start: colon + 1,
    end,
    text: ` ${empty}${text.slice(colon + 1, Math.min(behind, end)).trimEnd()}`,
  };
}

/** With the comma behind it, or before it where it is the last one. */
function flowRemoval(
  holder: Holder,
  index: number,
  { start, end }: Omit<TextChange, "text">,
  text: string,
): TextChange | undefined {
  const next = startOf({ ...holder, ...at(holder, index + 1) }, index + 1);
  if (index + 1 < holder.collection.items.length)
    return next === undefined ? undefined : { start, end: next, text: "" };
  const before = endOf(holder.collection.items[index - 1], text);
  return before === undefined ? undefined : { start: before, end, text: "" };
}
