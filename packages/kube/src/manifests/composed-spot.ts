import { isAlias, isMap, isSeq, type Document, type Node, type Pair } from "yaml";
import { keyText } from "./key-text.ts";
import type { Span, Spot } from "./source-map.ts";

/** The spot of what the YAML reader has read, which begins `offset` characters into the document that is meant. */
export function composedSpot(document: Document.Parsed, offset = 0): Spot {
  const resolve = (node: Node | undefined) => (isAlias(node) ? node.resolve(document) : node);

  function spotOf(node: Node | undefined, key?: Node): Spot {
    return {
      key: spanOf(key, offset),
      value: spanOf(node, offset),
      isBlock: (isMap(node) || isSeq(node)) && node.flow !== true,
      child: (step) => childOf(node, step),
    };
  }

  function childOf(parent: Node | undefined, step: string | number): Spot | undefined {
    const node = resolve(parent);
    if (isSeq(node)) {
      const item = node.items[Number(step)] as Node | undefined;
      return item === undefined ? undefined : spotOf(item);
    }
    if (!isMap(node)) return undefined;
    const pairs = node.items as Pair<Node, Node | null>[];
    const pair = pairs.find(({ key }) => keyText(key) === String(step));
    if (pair !== undefined) return spotOf(pair.value ?? undefined, pair.key);
    return mergedChild(pairs, step);
  }

  /** A field that comes in through a merge key: `<<: *base`, or `<<: [*a, *b]`. */
  function mergedChild(pairs: readonly Pair<Node, Node | null>[], step: string | number): Spot | undefined {
    const merge = resolve(pairs.find((pair) => keyText(pair.key) === "<<")?.value ?? undefined);
    const bases = isSeq(merge) ? (merge.items as Node[]) : merge === undefined ? [] : [merge];
    for (const base of bases) {
      const child = childOf(base, step);
      if (child !== undefined) return child;
    }
    return undefined;
  }

  return spotOf(document.contents ?? undefined);
}

function spanOf(node: Node | undefined, offset: number): Span | undefined {
  if (node?.range == null) return undefined;
  const [start, end] = node.range;
  return { start: start + offset, end: end + offset };
}
