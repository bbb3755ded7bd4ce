import { fs } from "../node-fs.ts";

/** The functions of `node:fs` that a writer needs. */
export type Writing = Pick<typeof fs, "write" | "writeSync">;

export interface DescriptorWriterOptions {
  /** The most bytes that wait. Further ones are dropped, so that a reader that stands still cannot take all memory. */
  readonly mostBytes: number;
  readonly onDrop: (chunk: Buffer) => void;
}

/** The time until a full pipe is tried again, which says EAGAIN when it does not block. */
const againMs = 50;
/** The longest that the last write waits for a write of another thread, and for a pipe to have room. */
const mostSyncMs = 500;

/**
 * Writes to a file descriptor, chunk after chunk, without holding up the event loop. It replaces SonicBoom 4, whose flush
 * calls back while a write is still under way, and whose flushSync may then overtake that write: the last lines before an exit
 * would be lost or come in another order.
 */
export class DescriptorWriter {
  readonly #fd: number;
  readonly #options: DescriptorWriterOptions;
  readonly #fs: Writing;
  readonly #queue: Buffer[] = [];
  readonly #waiting: (() => void)[] = [];
  #queuedBytes = 0;
  #isWriting = false;
  /** The chunk that a full pipe has not taken yet. */
  #left: { readonly chunk: Buffer; readonly timer: NodeJS.Timeout } | undefined;

  constructor(fd: number, options: DescriptorWriterOptions, writing: Writing = fs) {
    this.#fd = fd;
    this.#options = options;
    this.#fs = writing;
  }

  write(chunk: Buffer): void {
    this.#add(chunk);
    if (!this.#isWriting) this.#next();
  }

  /** Calls back when all chunks have been written, or cannot be written because the reader is gone. */
  flush(done: () => void): void {
    if (this.#isWriting) this.#waiting.push(done);
    else done();
  }

  /** Writes all waiting chunks, and this one behind them, before it returns. */
  writeSync(last: Buffer): void {
    this.#add(last);
    const deadlineMs = performance.now() + mostSyncMs;
    if (this.#left !== undefined) {
      clearTimeout(this.#left.timer);
      this.#queue.unshift(this.#left.chunk);
      this.#left = undefined;
      this.#isWriting = false;
    }
    // A write of another thread ends in no time, unless nobody reads. Nothing tells which, so wait a moment.
    if (this.#isWriting) pause(againMs);
    for (let chunk = this.#queue.shift(); chunk !== undefined; chunk = this.#queue.shift()) {
      this.#queuedBytes -= chunk.length;
      this.#writeWhole(chunk, deadlineMs);
    }
  }

  #add(chunk: Buffer): void {
    if (chunk.length === 0) return;
    if (this.#queuedBytes + chunk.length > this.#options.mostBytes) return this.#options.onDrop(chunk);
    this.#queue.push(chunk);
    this.#queuedBytes += chunk.length;
  }

  #next(): void {
    const chunk = this.#queue.shift();
    this.#isWriting = chunk !== undefined;
    if (chunk === undefined) for (const done of this.#waiting.splice(0)) done();
    else this.#begin(chunk);
  }

  #begin(chunk: Buffer): void {
    this.#left = undefined;
    this.#fs.write(this.#fd, chunk, 0, chunk.length, null, (error, written) => {
      if (error !== null && isFull(error)) {
        this.#left = { chunk, timer: setTimeout(() => this.#begin(chunk), againMs) };
        return;
      }
      // After any other error nobody will read this chunk, and a service does not end because its log has no reader.
      const gone = error === null ? written : chunk.length;
      this.#queuedBytes -= gone;
      if (gone < chunk.length) this.#begin(chunk.subarray(gone));
      else this.#next();
    });
  }

  #writeWhole(chunk: Buffer, deadlineMs: number): void {
    for (let from = 0; from < chunk.length;) {
      try {
        from += this.#fs.writeSync(this.#fd, chunk, from);
      } catch (error) {
        if (!isFull(error as NodeJS.ErrnoException) || performance.now() > deadlineMs) return;
        pause(1);
      }
    }
  }
}

function isFull({ code }: NodeJS.ErrnoException): boolean {
  return code === "EAGAIN" || code === "EBUSY";
}

function pause(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}
