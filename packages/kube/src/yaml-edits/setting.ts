import { isAlias, isCollection, isMap, isScalar, isSeq, type Node } from "yaml";
import { nested } from "./field-edit.ts";
import type { Collection, Holder, Spot } from "./find-spot.ts";
import { isJson, isSpaced, jsonLines, jsonText } from "./json-text.ts";
import { blockLines, blockStyleOf, dashOf, flowText, type BlockStyle } from "./new-text.ts";
import {
  columnOf,
  endOf,
  lineBreakOf,
  lineEnd,
  lineStart,
  pairTokens,
  type TextChange,
} from "./text-change.ts";

/** The change of text that sets a field: it takes the place of a value, or is new behind its siblings. */
export function setting(
  text: string,
  { node, holder, above, rest }: Spot,
  value: unknown,
): TextChange | undefined {
  const style = blockStyleOf(above[0]?.collection ?? holder?.collection ?? node ?? null, text);
  const [step, ...deeper] = rest;
  const isEmpty = node === undefined || (isScalar(node) && node.value === null);
  if (step === undefined || isEmpty) return replacement(text, node, holder, nested(rest, value), style);
  const inner = nested(deeper, value);
  if (isMap(node) && typeof step === "string")
    return newChild(text, node as Collection, { [step]: inner }, style);
  if (isSeq(node) && step === node.items.length) return newChild(text, node as Collection, [inner], style);
  return undefined;
}

/** What stands behind the last child of a map or a list: `child` is a map with one key, or a list with one item. */
function newChild(
  text: string,
  parent: Collection,
  child: unknown,
  style: BlockStyle,
): TextChange | undefined {
  if (parent.flow === true) return newFlowChild(text, parent, child);
  const last = parent.items.at(-1);
  const first = isMap(parent) ? pairTokens(parent.items[0]!)?.key : dashOf(parent, 0);
  const end = last === undefined ? undefined : endOf(last, text);
  if (end === undefined || first === undefined) return undefined;
  const indent = " ".repeat(columnOf(text, first));
  const lines = blockLines(child, style).map((line) => (line === "" ? "" : indent + line));
  const lineBreak = lineBreakOf(text);
  // Empty lines that belong to a block scalar end with a line's end already.
  const at = text[end - 1] === "\n" ? end : lineEnd(text, end);
  const added = lines.join(lineBreak);
  return {
    start: at,
    end: at,
    text: at === end && text[end - 1] === "\n" ? added + lineBreak : lineBreak + added,
  };
}

function newFlowChild(text: string, parent: Collection, child: unknown): TextChange | undefined {
  const { range } = parent;
  if (range === undefined || range === null) return undefined;
  const last = parent.items.at(-1);
  if (last === undefined)
    return { start: range[0], end: range[1], text: isJson(text) ? jsonText(text, child) : flowText(child) };
  const end = endOf(last, text);
  const start = isMap(parent) ? pairTokens(parent.items.at(-1)!)?.key : (last as Node).range?.[0];
  if (end === undefined || start === undefined) return undefined;
  const leading = indentOf(text, start);
  const isOnOwnLine = leading.length === columnOf(text, start);
  const lines = isJson(text)
    ? jsonLines(text, child, isOnOwnLine ? leading.slice(indentOf(text, range[0]).length) : "")
    : [flowText(child).slice(1, -1)];
  const lineBreak = lineBreakOf(text);
  const separator = isOnOwnLine ? lineBreak + leading : isJson(text) && !isSpaced(text) ? "" : " ";
  return { start: end, end, text: `,${separator}${lines.join(`${lineBreak}${leading}`)}` };
}

function indentOf(text: string, at: number): string {
  return /^[ \t]*/.exec(text.slice(lineStart(text, at), at))![0];
}

/** What takes the place of a value, or of nothing behind a key. */
function replacement(
  text: string,
  node: Node | undefined,
  holder: Holder | undefined,
  value: unknown,
  style: BlockStyle,
): TextChange | undefined {
  const isInFlow = holder?.collection.flow === true;
  const range = node?.range;
  const isAbsent = node === undefined || range === undefined || range === null || range[0] === range[1];
  const written = isAbsent ? undefined : text[range[0]];
  const plain =
    isInFlow && isJson(text)
      ? jsonText(text, value)
      : written === '"' && typeof value === "string"
        ? JSON.stringify(value)
        : written === "'"
          ? quoted(value)
          : flowText(value);
  const colon = holder?.pair === undefined ? undefined : pairTokens(holder.pair)?.colon;
  const isNewBlock =
    !isInFlow && typeof value === "object" && value !== null && Object.keys(value).length > 0;
  if (isAbsent || (isScalar(node) && node.value === null && isNewBlock)) {
    if (colon === undefined || holder?.pair === undefined) return undefined;
    if (!isNewBlock) return { start: colon + 1, end: colon + 1, text: ` ${plain}` };
    return newBlock(text, holder, colon, isAbsent ? colon + 1 : range[1], value, style);
  }
  if (isScalar(node) && (node.type === "BLOCK_LITERAL" || node.type === "BLOCK_FOLDED")) {
    // Behind the sign of a block there may be a comment.
    const [comment = ""] = / +#.*/.exec(text.slice(range[0], lineEnd(text, range[0]))) ?? [];
    return { start: range[0], end: endOf(node, text) ?? range[1], text: flowText(value) + comment };
  }
  if (isCollection(node) && node.flow !== true) {
    const end = endOf(node, text);
    if (end === undefined) return undefined;
    if (colon !== undefined && holder?.pair !== undefined && isNewBlock)
      return newBlock(text, holder, colon, end, value, style);
    if (colon === undefined) return { start: range[0], end, text: flowText(value) };
    const comment = text.slice(colon + 1, Math.min(end, lineEnd(text, colon))).trimEnd();
    return { start: colon + 1, end, text: ` ${flowText(value)}${comment}` };
  }
  return isAlias(node) || isScalar(node) || isCollection(node)
    ? { start: range[0], end: range[1], text: plain }
    : undefined;
}

/** A map or a list in the lines below its key. A comment behind the key stays there. */
function newBlock(
  text: string,
  { pair }: Holder,
  colon: number,
  end: number,
  value: unknown,
  style: BlockStyle,
): TextChange | undefined {
  const key = pairTokens(pair!)?.key;
  if (key === undefined) return undefined;
  const inner = Array.isArray(value) && !style.indentsLists ? 0 : style.step;
  const indent = " ".repeat(columnOf(text, key) + inner);
  const lines = blockLines(value, style).map((line) => (line === "" ? "" : indent + line));
  const lineBreak = lineBreakOf(text);
  const behind = lineEnd(text, colon + 1);
  const isSameLine = end <= behind;
  const kept = isSameLine ? text.slice(end, behind) : text.slice(colon + 1, behind);
  return {
    start: colon + 1,
    end: isSameLine ? behind : end,
    text: `${kept.trimEnd()}${lineBreak}${lines.join(lineBreak)}`,
  };
}

function quoted(value: unknown): string {
  return typeof value === "string" && !/[^\x20-\x7e]/.test(value)
    ? `'${value.replaceAll("'", "''")}'`
    : flowText(value);
}
