import type { Place } from "@seaworthy/errors";
import { isAlias, isMap, isScalar, isSeq, type Document, type LineCounter, type Node, type Pair } from "yaml";
import type { FieldPath } from "../validation/field-path.ts";

/** The text of a file, and where its lines begin. */
export interface Source {
  readonly file: string;
  readonly text: string;
  /** Where in the text the document begins that places are given in. */
  readonly offset: number;
  readonly lineCounter: LineCounter;
}

/** The place of a stretch of text; the part beyond its first line is cut off. */
export function placeAt(source: Source, from: number, to: number, label?: string): Place {
  const [start, end] = [from + source.offset, to + source.offset];
  const { line, col } = source.lineCounter.linePos(start);
  const lineStart = start - (col - 1);
  const nextBreak = source.text.indexOf("\n", start);
  const lineEnd = nextBreak < 0 ? source.text.length : nextBreak;
  const sourceLine = source.text.slice(lineStart, lineEnd).replace(/\r$/, "");
  const length = Math.max(1, Math.min(end - start, sourceLine.length - (col - 1)));
  return {
    file: source.file,
    line,
    column: col,
    length,
    sourceLine,
    ...(label === undefined ? {} : { label }),
  };
}

/** A node, and the key that leads to it; an item of a list has none. */
interface Found {
  readonly node: Node | undefined;
  readonly key: Node | undefined;
}

/** Finds where a field of a document is written. */
export class SourceMap {
  readonly #source: Source;
  readonly #read: () => Document.Parsed;
  #known: Document.Parsed | undefined;

  /** The document is read when a place is asked for first. */
  constructor(source: Source, read: () => Document.Parsed) {
    this.#source = source;
    this.#read = read;
  }

  get #document(): Document.Parsed {
    return (this.#known ??= this.#read());
  }

  /** The place of a field's value: of its key when the value is a block; of the nearest ancestor when absent. */
  locate(path: FieldPath): Place {
    const { node, key } = this.#find(path);
    const isBlock = node !== undefined && (isMap(node) || isSeq(node)) && node.flow !== true;
    const shown = key !== undefined && (node === undefined || isBlock || isEmpty(node)) ? key : node;
    return this.#placeOf(shown ?? this.#document.contents);
  }

  /** The place of a field's key; of the item for an index; of the nearest ancestor's key when absent. */
  locateKey(path: FieldPath): Place {
    const { node, key } = this.#find(path);
    return this.#placeOf(key ?? node ?? this.#document.contents);
  }

  /** The deepest node on a path that exists, with the key that leads to it (none for an item of a list). */
  #find(path: FieldPath): Found {
    let found: Found = { node: this.#document.contents ?? undefined, key: undefined };
    for (const step of path) {
      const next = this.#child(found.node, step);
      if (next === undefined) break;
      found = next;
    }
    return found;
  }

  #child(parent: Node | undefined, step: string | number): Found | undefined {
    const node = this.#resolve(parent);
    if (isSeq(node)) {
      const item = node.items[Number(step)] as Node | undefined;
      return item === undefined ? undefined : { node: item, key: undefined };
    }
    if (!isMap(node)) return undefined;
    const pairs = node.items as Pair<Node, Node | null>[];
    const pair = pairs.find((candidate) => keyText(candidate.key) === String(step));
    if (pair !== undefined) return { node: pair.value ?? undefined, key: pair.key };
    return this.#mergedChild(pairs, step);
  }

  /** A field that comes in through a merge key: `<<: *base`, or `<<: [*a, *b]`. */
  #mergedChild(pairs: readonly Pair<Node, Node | null>[], step: string | number): Found | undefined {
    const merge = this.#resolve(pairs.find((pair) => keyText(pair.key) === "<<")?.value ?? undefined);
    const bases = isSeq(merge) ? (merge.items as Node[]) : merge === undefined ? [] : [merge];
    for (const base of bases) {
      const child = this.#child(base, step);
      if (child !== undefined) return child;
    }
    return undefined;
  }

  #resolve(node: Node | undefined): Node | undefined {
    return isAlias(node) ? node.resolve(this.#document) : node;
  }

  #placeOf(node: Node | null | undefined): Place {
    const [start = 0, end = start + 1] = node?.range ?? this.#document.range;
    return placeAt(this.#source, start, end);
  }
}

/** The text of a map's key, as it becomes the name of a field. */
export function keyText(key: unknown): string {
  const value: unknown = isScalar(key) ? key.value : key;
  // The merge key is a symbol.
  return typeof value === "symbol" ? (value.description ?? "") : String(value);
}

function isEmpty(node: Node): boolean {
  return node.range != null && node.range[0] === node.range[1];
}
