import { ChunkReader } from "./chunk-reader.ts";
import { inChunks, untilClose } from "./http1-head.ts";
import { SectionReader } from "./section-reader.ts";

/** Limits of what a reader takes before it calls a message malformed. */
export interface ReaderLimits {
  /** Bytes of one head (first line and headers), and of the trailers. */
  readonly headBytes: number;
  /** Bytes of one chunk-size line with its extensions and its end. */
  readonly chunkLineBytes: number;
}

/** Takes bytes[from, to) of a body. */
export type BodyListener = (bytes: Uint8Array, from: number, to: number) => void;

/** An incremental reader of HTTP/1 bodies (RFC 9112 sections 6 and 7). Trailers are checked and left out. */
export class BodyReader {
  /** Whether the body has been read to its end. */
  done = false;
  problem: string | undefined;
  readonly #onData: BodyListener;
  readonly #section: SectionReader;
  readonly #chunk: ChunkReader;
  #step = inData;
  #isChunked = false;
  #remaining = 0;

  /** `onData` gets the body piece by piece, while bytes are pushed. */
  constructor(onData: BodyListener, { headBytes, chunkLineBytes }: ReaderLimits = defaultLimits) {
    this.#onData = onData;
    this.#section = new SectionReader(headBytes);
    this.#chunk = new ChunkReader(chunkLineBytes);
  }

  /** Begins a body of so many bytes, or {@link inChunks} or {@link untilClose}. */
  begin(length: number): void {
    this.problem = undefined;
    this.done = length === 0;
    this.#isChunked = length === inChunks;
    if (this.#isChunked) {
      this.#step = betweenChunks;
      this.#chunk.begin(true);
    } else {
      this.#step = inData;
      this.#remaining = length === untilClose ? Number.POSITIVE_INFINITY : length;
    }
  }

  /** Reads bytes[from, to); gives the offset behind the last byte used: less than `to` when the body ended (or failed) before. */
  push(bytes: Uint8Array, from: number, to: number): number {
    let at = from;
    while (at < to && !this.done && this.problem === undefined) {
      if (this.#step === inData) at = this.#readData(bytes, at, to);
      else if (this.#step === betweenChunks) at = this.#readChunkLine(bytes, at, to);
      else at = this.#readTrailers(bytes, at, to);
    }
    return at;
  }

  /** The peer closed the connection cleanly: completes a body that is delimited by the close. */
  end(): void {
    if (this.#step === inData && this.#remaining === Number.POSITIVE_INFINITY) this.done = true;
  }

  #readData(bytes: Uint8Array, from: number, to: number): number {
    const count = Math.min(this.#remaining, to - from);
    this.#onData(bytes, from, from + count);
    this.#remaining -= count;
    if (this.#remaining === 0) {
      if (this.#isChunked) {
        this.#step = betweenChunks;
        this.#chunk.begin(false);
      } else this.done = true;
    }
    return from + count;
  }

  #readChunkLine(bytes: Uint8Array, from: number, to: number): number {
    const chunk = this.#chunk;
    const at = chunk.read(bytes, from, to);
    this.problem = chunk.problem;
    if (chunk.ended && chunk.size > 0) {
      this.#step = inData;
      this.#remaining = chunk.size;
    } else if (chunk.ended) {
      this.#step = inTrailers;
      this.#section.begin("trailer");
    }
    return at;
  }

  #readTrailers(bytes: Uint8Array, from: number, to: number): number {
    const at = this.#section.read(bytes, from, to);
    this.problem = this.#section.problem;
    this.done = this.#section.ended;
    return at;
  }
}

export const defaultLimits: ReaderLimits = { headBytes: 65_536, chunkLineBytes: 1_024 };

const inData = 0;
const betweenChunks = 1;
const inTrailers = 2;
