import { isMap, isSeq, stringify, visit, type Node } from "yaml";
import { isPlainWord } from "../manifests/plain-word.ts";
import { yamlOptions } from "../manifests/yaml-options.ts";
import { columnOf, pairTokens } from "./text-change.ts";

/** A value as YAML in one line: `{sleep: {seconds: 5}}`. */
export function flowText(value: unknown): string {
  if (typeof value === "boolean" || (typeof value === "string" && isPlainWord(value))) return String(value);
  const text = stringify(value, {
    ...yamlOptions,
    lineWidth: 0,
    collectionStyle: "flow",
    flowCollectionPadding: false,
    singleQuote: null,
    blockQuote: false,
  });
  return text.trimEnd().replace(/\n\s*/g, " ");
}

/** How blocks are written in a text: how far each level is indented, and whether lists are indented in their maps. */
export interface BlockStyle {
  readonly step: number;
  readonly indentsLists: boolean;
}

/** A value as YAML in lines of its own. */
export function blockLines(value: unknown, { step, indentsLists }: BlockStyle): string[] {
  const text = stringify(value, { ...yamlOptions, lineWidth: 0, indent: step, indentSeq: indentsLists });
  return text.trimEnd().split("\n");
}

/** The style of the blocks around a node, by the first ones that show it. */
export function blockStyleOf(root: Node | null, text: string): BlockStyle {
  let step: number | undefined;
  let indentsLists: boolean | undefined;
  if (root !== null)
    visit(root, {
      Pair(_, pair) {
        if (step !== undefined && indentsLists !== undefined) return visit.BREAK;
        const tokens = pairTokens(pair);
        const { value } = pair;
        if (tokens === undefined || !(isMap(value) || isSeq(value)) || value.flow === true) return undefined;
        const [first] = value.items;
        const from = columnOf(text, tokens.key);
        if (isMap(value) && step === undefined) {
          const inner = pairTokens(value.items[0]!);
          if (inner !== undefined) step = columnOf(text, inner.key) - from;
        } else if (isSeq(value) && indentsLists === undefined && first !== undefined) {
          const dash = dashOf(value, 0);
          if (dash !== undefined) indentsLists = columnOf(text, dash) > from;
        }
        return undefined;
      },
    });
  return { step: step !== undefined && step > 0 && step <= 8 ? step : 2, indentsLists: indentsLists ?? true };
}

/** Where the dash of an item stands. */
export function dashOf(list: Node, index: number): number | undefined {
  const token = list.srcToken;
  if (token?.type !== "block-seq") return undefined;
  return token.items[index]?.start.find(({ type }) => type === "seq-item-ind")?.offset;
}
