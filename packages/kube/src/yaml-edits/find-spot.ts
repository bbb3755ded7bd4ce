import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  visit,
  type Document,
  type Node,
  type Pair,
  type YAMLMap,
  type YAMLSeq,
} from "yaml";
import { keyText } from "../manifests/key-text.ts";
import type { FieldPath } from "../validation/field-path.ts";

/** A map, or a list. */
export type Collection = YAMLMap<Node, Node | null> | YAMLSeq<Node>;

/** What leads from a map or a list to a node. */
export interface Holder {
  readonly collection: Collection;
  /** Of a map. */
  readonly pair?: Pair<Node, Node | null>;
  /** Of a list. */
  readonly index?: number;
}

/** How far a path is written. */
export interface Spot {
  /** The deepest node that is there; undefined for a key without a value. */
  readonly node: Node | undefined;
  /** What holds it; undefined at the top. */
  readonly holder: Holder | undefined;
  /** What holds that, and so on, up to the top. */
  readonly above: readonly Holder[];
  /** The steps that are not written. */
  readonly rest: FieldPath;
}

/** Finds a field. What is reached through an alias or a merge, or is used by an alias elsewhere, is not this field's alone: undefined. */
export function findSpot(document: Document.Parsed, path: FieldPath): Spot | undefined {
  const holders: Holder[] = [];
  let node: Node | undefined = document.contents ?? undefined;
  for (const [index, step] of path.entries()) {
    if (isAlias(node) || isShared(node, document)) return undefined;
    const holder = holderOf(node, step);
    if (holder === undefined)
      return { node, holder: holders.at(-1), above: holders.slice(0, -1), rest: path.slice(index) };
    holders.push(holder);
    node =
      holder.pair === undefined
        ? (holder.collection.items[holder.index!] as Node)
        : (holder.pair.value ?? undefined);
  }
  if (isShared(node, document)) return undefined;
  return { node, holder: holders.at(-1), above: holders.slice(0, -1), rest: [] };
}

function holderOf(node: Node | undefined, step: string | number): Holder | undefined {
  if (isMap(node)) {
    const map = node as YAMLMap<Node, Node | null>;
    const pair = map.items.find(({ key }) => keyText(key) === String(step));
    return pair && { collection: map, pair };
  }
  if (isSeq(node) && typeof step === "number" && step < node.items.length)
    return { collection: node as YAMLSeq<Node>, index: step };
  return undefined;
}

function isShared(node: Node | undefined, document: Document.Parsed): boolean {
  const anchor = isMap(node) || isSeq(node) || isScalar(node) ? node.anchor : undefined;
  if (anchor === undefined) return false;
  let isUsed = false;
  visit(document, {
    Alias(_, { source }) {
      if (source === anchor) isUsed = true;
    },
  });
  return isUsed;
}
