import type { Place } from "@seaworthy/errors";
import type { LineCounter } from "yaml";
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

/** Where a stretch of a document begins and ends. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Where a field is written: its value, and the key that leads to it; an item of a list has none. */
export interface Spot {
  readonly key?: Span | undefined;
  readonly value?: Span | undefined;
  /** Whether the value is a map or a list in lines of its own. */
  readonly isBlock: boolean;
  /** Where a field or an item of it is written. */
  child(step: string | number): Spot | undefined;
}

/** Finds where a field of a document is written. */
export class SourceMap {
  readonly #source: Source;
  readonly #read: () => Spot;
  #known: Spot | undefined;

  /** `read` gives the spot of the whole document; it is called when a place is asked for first. */
  constructor(source: Source, read: () => Spot) {
    this.#source = source;
    this.#read = read;
  }

  /** The place of a field's value: of its key when the value is a block; of the nearest ancestor when absent. */
  locate(path: FieldPath): Place {
    const { key, value, isBlock } = this.#find(path);
    const showsValue = value !== undefined && !isBlock && value.start !== value.end;
    return this.#placeOf(key === undefined || showsValue ? value : key);
  }

  /** The place of a field's key; of the item for an index; of the nearest ancestor's key when absent. */
  locateKey(path: FieldPath): Place {
    const { key, value } = this.#find(path);
    return this.#placeOf(key ?? value);
  }

  /** The deepest spot on a path that exists. */
  #find(path: FieldPath): Spot {
    let spot = (this.#known ??= this.#read());
    for (const step of path) {
      const next = spot.child(step);
      if (next === undefined) break;
      spot = next;
    }
    return spot;
  }

  #placeOf({ start, end }: Span = { start: 0, end: 1 }): Place {
    return placeAt(this.#source, start, end);
  }
}
