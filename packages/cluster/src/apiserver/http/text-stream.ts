const mostWaiting = 100_000;

/**
 * Text that is pushed on one side and read on the other. What waits is read in one piece. A reader that falls too
 * far behind is cut off, as Kubernetes does with slow watchers: it then starts again from where it was.
 */
export class TextStream implements AsyncIterable<string> {
  #waiting: string[] = [];
  #ended = false;
  #wake: (() => void) | undefined;
  readonly #cleanups: (() => void)[] = [];

  constructor(signal?: AbortSignal) {
    if (signal === undefined) return;
    const end = () => this.end();
    signal.addEventListener("abort", end, { once: true });
    this.onEnd(() => signal.removeEventListener("abort", end));
    if (signal.aborted) this.end();
  }

  push(text: string): void {
    if (this.#ended) return;
    this.#waiting.push(text);
    if (this.#waiting.length > mostWaiting) {
      this.#waiting = [];
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

  async *[Symbol.asyncIterator](): AsyncGenerator<string> {
    try {
      while (true) {
        if (this.#waiting.length > 0) {
          yield this.#waiting.splice(0).join("");
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
}
