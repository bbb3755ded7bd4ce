import type { StoredObject } from "../store/stored-object.ts";

/** One event of a watch, not yet written for its client. */
export type WatchItem =
  | { readonly type: "ADDED" | "MODIFIED" | "DELETED"; readonly stored: StoredObject }
  | { readonly type: "BOOKMARK"; readonly metadata: Readonly<Record<string, unknown>> }
  | { readonly type: "ERROR"; readonly status: unknown };

/** What a stream is made of. */
export interface WatchStreamOptions {
  readonly signal: AbortSignal | undefined;
  /** What is told before anything that is pushed. */
  readonly beginning: readonly WatchItem[];
  /** Writes an event for this client. It is called in the order in which the client reads. */
  readonly write: (item: WatchItem) => string;
  /** Whether it is read by `items`, so that no text is written and none counts. */
  readonly asItems: boolean;
}

const mostWaiting = 10_000;
const mostCharactersWaiting = 64_000_000;
const chunkCharacters = 256 * 1024;

/**
 * Events that are pushed on one side and read as text on the other. They are written when they are read, what waits in one
 * piece, so that a slow reader holds nothing but references. One that falls too far behind is cut off, as Kubernetes does
 * with slow watchers: it then starts again from where it was.
 */
export class WatchStream implements AsyncIterable<string> {
  readonly #write: WatchStreamOptions["write"];
  readonly #asItems: boolean;
  #waiting: WatchItem[];
  #read = 0;
  /** Of what was pushed; the beginning is there in any case. */
  #pushed = 0;
  #characters = 0;
  #ended = false;
  #wake: (() => void) | undefined;
  readonly #cleanups: (() => void)[] = [];

  constructor({ signal, beginning, write, asItems }: WatchStreamOptions) {
    this.#write = write;
    this.#asItems = asItems;
    this.#waiting = [...beginning];
    if (signal === undefined) return;
    const end = () => this.end();
    signal.addEventListener("abort", end, { once: true });
    this.onEnd(() => signal.removeEventListener("abort", end));
    if (signal.aborted) this.end();
  }

  push(item: WatchItem): void {
    if (this.#ended) return;
    this.#waiting.push(item);
    this.#pushed += 1;
    if ("stored" in item && !this.#asItems) this.#characters += item.stored.shortJson.length;
    if (this.#pushed > mostWaiting || this.#characters > mostCharactersWaiting) {
      this.#clear();
      this.end();
    }
    this.#wake?.();
  }

  /** No more is pushed; what waits is still read. */
  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    for (const cleanup of this.#cleanups.splice(0)) cleanup();
    this.#wake?.();
  }

  /** Runs once when the stream ends, or at once if it has. */
  onEnd(cleanup: () => void): void {
    if (this.#ended) cleanup();
    else this.#cleanups.push(cleanup);
  }

  [Symbol.asyncIterator](): AsyncGenerator<string> {
    return this.#each(() => this.#nextChunk());
  }

  /** The events as they were pushed, for who reads them in this process; they are read once, as text or as items. */
  items(): AsyncGenerator<WatchItem> {
    return this.#each(() => this.#nextItem());
  }

  async *#each<T>(next: () => T): AsyncGenerator<T> {
    try {
      while (true) {
        if (this.#read < this.#waiting.length) {
          yield next();
        } else if (this.#ended) {
          return;
        } else {
          await new Promise<void>((resolve) => {
            this.#wake = resolve;
          });
          this.#wake = undefined;
        }
      }
    } finally {
      this.end();
    }
  }

  #nextChunk(): string {
    let text = "";
    while (this.#read < this.#waiting.length && text.length < chunkCharacters) {
      text += this.#write(this.#waiting[this.#read]!);
      this.#read += 1;
    }
    if (this.#read === this.#waiting.length) this.#clear();
    return text;
  }

  #nextItem(): WatchItem {
    const item = this.#waiting[this.#read]!;
    this.#read += 1;
    if (this.#read === this.#waiting.length) this.#clear();
    return item;
  }

  #clear(): void {
    this.#waiting = [];
    this.#read = 0;
    this.#pushed = 0;
    this.#characters = 0;
  }
}
