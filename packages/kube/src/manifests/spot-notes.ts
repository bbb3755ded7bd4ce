import { parseDocument } from "yaml";
import { composedSpot } from "./composed-spot.ts";
import type { Span, Spot } from "./source-map.ts";
import { yamlOptions } from "./yaml-options.ts";

/** Notes where everything stands while a plain document is read; places are given by line and column, both from 0. */
export class SpotNotes {
  /** Where each line begins. */
  readonly #starts: readonly number[];
  readonly #open: NotedSpot[] = [];
  readonly #root = new NotedSpot();
  #current = this.#root;

  constructor(text: string) {
    const starts = [0];
    for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
    starts.push(text.length + 1);
    this.#starts = starts;
  }

  /** The spot of the whole document. */
  get root(): Spot {
    return this.#root;
  }

  /** A map or a list begins. What it shows is its first line, to its end. */
  enterBlock(line: number, column: number): void {
    this.#current.isBlock = true;
    this.#current.inline = undefined;
    this.#current.value = { start: this.#starts[line]! + column, end: this.#starts[line + 1]! - 1 };
    this.#open.push(this.#current);
  }

  leaveBlock(): void {
    this.#open.pop();
  }

  item(index: number): void {
    this.#enter(index);
  }

  key(key: string, line: number, column: number, length: number): void {
    const start = this.#starts[line]! + column;
    this.#enter(key).key = { start, end: start + length };
  }

  /** What is written behind a key or a dash; empty where it begins in a line below. */
  value(written: string, line: number, column: number): void {
    const start = this.#starts[line]! + column;
    if (written.startsWith("|")) this.#current.value = { start, end: this.#starts[line + 1]! - 1 };
    else if (written.startsWith("#")) this.#current.value = { start, end: start };
    else {
      this.#current.value = { start, end: start + written.length };
      if (/^[{[]|#/.test(written)) this.#current.inline = written;
    }
  }

  #enter(step: string | number): NotedSpot {
    const spot = new NotedSpot();
    this.#open.at(-1)!.setChild(step, spot);
    return (this.#current = spot);
  }
}

/** There is one for each field of each document, so it is small: with spans and a map in each they were a third of the memory. */
class NotedSpot implements Spot {
  isBlock = false;
  /** What is written in one line and has parts of its own, or a comment behind it. */
  inline: string | undefined;
  #keyStart = -1;
  #keyEnd = -1;
  #valueStart = -1;
  #valueEnd = -1;
  #children: Map<string, Spot> | undefined;
  #composed: Spot | undefined;

  get key(): Span | undefined {
    return this.#keyStart < 0 ? undefined : { start: this.#keyStart, end: this.#keyEnd };
  }

  set key({ start, end }: Span) {
    this.#keyStart = start;
    this.#keyEnd = end;
  }

  get value(): Span | undefined {
    const inner = this.#inner?.value;
    if (inner !== undefined || this.#valueStart < 0) return inner;
    return { start: this.#valueStart, end: this.#valueEnd };
  }

  set value({ start, end }: Span) {
    this.#valueStart = start;
    this.#valueEnd = end;
  }

  setChild(step: string | number, spot: Spot): void {
    (this.#children ??= new Map()).set(String(step), spot);
  }

  child(step: string | number): Spot | undefined {
    return this.#children?.get(String(step)) ?? this.#inner?.child(step);
  }

  get #inner(): Spot | undefined {
    if (this.inline === undefined) return undefined;
    return (this.#composed ??= composedSpot(
      parseDocument(this.inline, yamlOptions),
      Math.max(0, this.#valueStart),
    ));
  }
}
