import { isCollection, isMap, isPair, isScalar, isSeq, type Node, type Pair, type ParsedNode } from "yaml";

/** What takes the place of a stretch of text. */
export interface TextChange {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Where the line begins that holds a position. */
export function lineStart(text: string, at: number): number {
  return text.lastIndexOf("\n", at - 1) + 1;
}

/** Where a line ends: before its line end. */
export function lineEnd(text: string, at: number): number {
  const next = text.indexOf("\n", at);
  if (next < 0) return text.length;
  return next > at && text[next - 1] === "\r" ? next - 1 : next;
}

/** The line end that a text uses. */
export function lineBreakOf(text: string): string {
  return /\r?\n/.exec(text)?.[0] ?? "\n";
}

/** How far into its line a position is, which is the indentation of what begins there. */
export function columnOf(text: string, at: number): number {
  return at - lineStart(text, at);
}

/** The source tokens of a pair: where the key begins, and where its colon is. */
export function pairTokens(
  pair: Pair,
): { readonly key: number; readonly colon: number | undefined } | undefined {
  const token = pair.srcToken;
  if (token === undefined || !("key" in token) || token.key === null || token.key === undefined)
    return undefined;
  const colon = token.sep?.find(({ type }) => type === "map-value-ind")?.offset;
  const props = token.start.find(({ type }) => type === "anchor" || type === "tag");
  return { key: props?.offset ?? token.key.offset, colon };
}

/**
 * Where the text of a node ends, without the comments and empty lines behind it. A block scalar ends with its line's
 * end; undefined for what no text stands for.
 */
export function endOf(node: unknown, text: string): number | undefined {
  if (isPair(node)) {
    const value = node.value as Node | null;
    const end = value === null ? undefined : endOf(value, text);
    const tokens = pairTokens(node);
    return end ?? (tokens?.colon === undefined ? undefined : tokens.colon + 1);
  }
  const { range } = node as ParsedNode;
  if (range === undefined || range === null) return undefined;
  if (isCollection(node) && node.flow !== true) {
    const last: unknown = isMap(node) || isSeq(node) ? node.items.at(-1) : undefined;
    return last === undefined ? undefined : endOf(last, text);
  }
  if (isScalar(node) && (node.type === "BLOCK_LITERAL" || node.type === "BLOCK_FOLDED")) {
    const trimmed = text.slice(range[0], range[1]).replace(/(?:[ \t]*\r?\n)+$/, "");
    const header = text.slice(range[0], lineEnd(text, range[0]));
    // With `+` the empty lines are its own.
    return /^[|>]\d?\+/.test(header) ? range[1] : range[0] + trimmed.length;
  }
  return range[0] === range[1] ? undefined : range[1];
}
