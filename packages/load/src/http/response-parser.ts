import { type BodyListener, BodyReader, defaultLimits, type ReaderLimits } from "./body-reader.ts";
import { ByteStore } from "./byte-store.ts";
import type { HeadCache } from "./head-cache.ts";
import type { Http1Head } from "./http1-head.ts";
import { SectionReader } from "./section-reader.ts";

/**
 * An incremental parser of HTTP/1 answers (https://www.rfc-editor.org/rfc/rfc9112), to any request but CONNECT. It is as strict as a
 * proxy would be, because a lenient client hides broken answers. Wherever the bytes are cut, the result is the same.
 */
export class ResponseParser {
  /** Whether the answer has been read to its end. */
  done = false;
  /** The first thing that is malformed about the answer. After it nothing more is read. */
  problem: string | undefined;
  /** Whether a byte of the answer has come, even if it is of an interim one. */
  started = false;
  /** Set when the head has been read; an interim (1xx) answer leaves none. */
  head: Http1Head | undefined;
  /** Bytes of the body so far, without what delimits its chunks. */
  bodyBytes = 0;
  readonly #cache: HeadCache;
  readonly #headBytes: number;
  readonly #section: SectionReader;
  readonly #bodyReader: BodyReader;
  #step = inHead;
  #isHead = false;
  #interims = 0;
  readonly #partialHead = new ByteStore();
  #keepBody = 0;
  readonly #kept = new ByteStore();
  readonly #onBody: BodyListener | undefined;

  /** `cache` is shared with all other parsers of the process. `onBody` gets the body piece by piece, while bytes are pushed. */
  constructor(cache: HeadCache, limits: ReaderLimits = defaultLimits, onBody?: BodyListener) {
    this.#cache = cache;
    this.#onBody = onBody;
    this.#headBytes = limits.headBytes;
    this.#section = new SectionReader(limits.headBytes);
    this.#bodyReader = new BodyReader((bytes, from, to) => this.#takeBody(bytes, from, to), limits);
  }

  /** The first `keepBody` bytes of the body, as far as they have come. Good until the next answer begins. */
  get body(): Buffer {
    return this.#kept.bytes;
  }

  /** Begins an answer. Answers to HEAD have no body; `keepBody` bytes of the body are kept for `body`. */
  begin(method: string, keepBody = 0): void {
    this.done = false;
    this.problem = undefined;
    this.started = false;
    this.head = undefined;
    this.bodyBytes = 0;
    this.#isHead = method === "HEAD";
    this.#interims = 0;
    this.#keepBody = keepBody;
    this.#kept.clear();
    this.#beginHead();
  }

  /**
   * Reads bytes[from, to) and copies what it keeps. Gives the offset behind the last byte used: less than `to` when the answer ended
   * (or failed) before.
   */
  push(bytes: Uint8Array, from: number, to: number): number {
    let at = from;
    while (at < to && this.#step !== ended) {
      this.started = true;
      at = this.#step === inHead ? this.#readHead(bytes, at, to) : this.#readBody(bytes, at, to);
    }
    return at;
  }

  /** The peer closed the connection cleanly: completes an answer that is delimited by the close. */
  end(): void {
    if (this.#step !== inBody) return;
    this.#bodyReader.end();
    if (this.#bodyReader.done) this.#finish();
  }

  #beginHead(): void {
    this.#step = inHead;
    this.#section.begin("header");
    this.#partialHead.clear();
  }

  #readHead(bytes: Uint8Array, from: number, to: number): number {
    const section = this.#section;
    const isAtStart = section.size === 0;
    const known = isAtStart ? this.#cache.find(bytes, from, Math.min(to, from + this.#headBytes)) : undefined;
    if (known !== undefined) {
      this.#takeHead(known);
      return from + known.size;
    }
    const at = section.read(bytes, from, to);
    if (section.problem !== undefined) this.#fail(section.problem);
    else if (section.ended && isAtStart) this.#takeHead(this.#cache.add(bytes, from, at));
    else {
      this.#partialHead.append(bytes, from, at);
      if (section.ended) this.#takePartialHead(this.#partialHead.bytes);
    }
    return at;
  }

  #takePartialHead(whole: Buffer): void {
    this.#takeHead(this.#cache.find(whole, 0, whole.length) ?? this.#cache.add(whole, 0, whole.length));
  }

  #takeHead(head: Http1Head): void {
    if (head.status < 200 && head.status !== 101) {
      if (++this.#interims > interimLimit) this.#fail("too many interim answers");
      else if (head.problem !== undefined) this.#fail(head.problem);
      else this.#beginHead();
      return;
    }
    this.head = head;
    if (head.problem !== undefined) this.#fail(head.problem);
    else if (head.status === 101) this.#fail("an upgrade that was not asked for");
    else if (this.#isHead || head.bodyLength === 0) this.#finish();
    else {
      this.#step = inBody;
      this.#bodyReader.begin(head.bodyLength);
    }
  }

  #readBody(bytes: Uint8Array, from: number, to: number): number {
    const body = this.#bodyReader;
    const at = body.push(bytes, from, to);
    if (body.problem !== undefined) this.#fail(body.problem);
    else if (body.done) this.#finish();
    return at;
  }

  #takeBody(bytes: Uint8Array, from: number, to: number): void {
    const wanted = Math.min(to - from, this.#keepBody - this.#kept.length);
    if (wanted > 0) this.#kept.append(bytes, from, from + wanted);
    this.#onBody?.(bytes, from, to);
    this.bodyBytes += to - from;
  }

  #finish(): void {
    this.done = true;
    this.#step = ended;
  }

  #fail(problem: string): void {
    this.problem = problem;
    this.#step = ended;
  }
}

/** The most interim answers before the final one. */
const interimLimit = 64;

const inHead = 0;
const inBody = 1;
const ended = 2;
