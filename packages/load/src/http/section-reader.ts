/**
 * Checks the lines of a header or trailer section, from its first byte to the empty line, as they come (RFC 9112 sections 4 and 5).
 * The reader keeps nothing but its place, and finds a fault at the first wrong byte, wherever the bytes were cut.
 */
export class SectionReader {
  /** Bytes read so far. */
  size = 0;
  ended = false;
  problem: string | undefined;
  readonly #byteLimit: number;
  #name: "header" | "trailer" = "header";
  #place = inStatusLine;
  /** Lines of fields begun so far. A status line is not counted. */
  #lines = -1;

  constructor(byteLimit: number) {
    this.#byteLimit = byteLimit;
  }

  /** Begins a section. A header section starts with a status line. */
  begin(name: "header" | "trailer"): void {
    this.#name = name;
    this.#place = name === "header" ? inStatusLine : atLineStart;
    this.#lines = name === "header" ? -1 : 0;
    this.size = 0;
    this.ended = false;
    this.problem = undefined;
  }

  /** Reads bytes[from, to); gives the offset behind the last byte of the section, or behind the wrong byte. */
  read(bytes: Uint8Array, from: number, to: number): number {
    const stop = Math.min(to, from + this.#byteLimit - this.size);
    let at = from;
    while (at < stop && !this.ended && this.problem === undefined) at = this.#step(bytes, from, at, stop);
    this.size += at - from;
    if (!this.ended && this.size === this.#byteLimit) this.problem ??= `the ${this.#name} is too large`;
    return at;
  }

  #step(bytes: Uint8Array, from: number, at: number, stop: number): number {
    switch (this.#place) {
      case inStatusLine:
        return this.#statusLine(bytes, at, stop, this.size + at - from);
      case atLineStart:
        return this.#lineStart(bytes[at] as number, at);
      case inName:
        return this.#nameEnd(bytes, skip(bytes, at, stop, isToken), stop);
      case inText:
        return this.#textEnd(bytes, skip(bytes, at, stop, isText), stop);
      default:
        return this.#lineFeed(bytes[at] as number, at);
    }
  }

  /** `index` counts the bytes before `at`. */
  #statusLine(bytes: Uint8Array, at: number, stop: number, index: number): number {
    const wrong = outsideOf(lowest, highest, bytes, at, stop, index);
    if (wrong === stop) return stop;
    const byte = bytes[wrong] as number;
    if (index + wrong - at < lowest.length) this.problem = malformedStatus;
    else if (byte === space) this.#place = inText;
    else this.#lineEnd(byte);
    return wrong + 1;
  }

  #lineStart(byte: number, at: number): number {
    if (byte === carriageReturn) this.#place = atLastFeed;
    else if (byte === lineFeed) this.problem = badLineEnd;
    else if (isToken[byte] === 1) this.#place = inName;
    else this.problem = this.#malformedLine();
    return at + 1;
  }

  #nameEnd(bytes: Uint8Array, at: number, stop: number): number {
    if (at === stop) return at;
    if (bytes[at] === colon) this.#place = inText;
    else this.problem = this.#malformedLine();
    return at + 1;
  }

  #textEnd(bytes: Uint8Array, at: number, stop: number): number {
    if (at === stop) return at;
    this.#lineEnd(bytes[at] as number);
    return at + 1;
  }

  #lineEnd(byte: number): void {
    if (byte === carriageReturn) this.#place = atFeed;
    else this.problem = byte === lineFeed ? badLineEnd : this.#malformedLine();
  }

  #lineFeed(byte: number, at: number): number {
    if (byte !== lineFeed) this.problem = badLineEnd;
    else if (this.#place === atLastFeed) this.ended = true;
    else if (++this.#lines > lineLimit) this.problem = `the ${this.#name} has too many lines`;
    else this.#place = atLineStart;
    return at + 1;
  }

  #malformedLine(): string {
    return this.#lines < 0 ? malformedStatus : `a ${this.#name} line is malformed`;
  }
}

const lineLimit = 1_000;
const inStatusLine = 0;
const atLineStart = 1;
const inName = 2;
const inText = 3;
const atFeed = 4;
const atLastFeed = 5;

const space = 0x20;
const colon = 0x3a;
const carriageReturn = 0x0d;
const lineFeed = 0x0a;

const malformedStatus = "the status line is malformed";
const badLineEnd = "a line does not end in CRLF";

/** The first bytes of a status line each lie between the bytes of these two texts. */
const lowest = Buffer.from("HTTP/1.0 100");
const highest = Buffer.from("HTTP/1.1 999");

const isToken = byteSet((byte) => /[!#$%&'*+\-.^_`|~0-9A-Za-z]/.test(String.fromCharCode(byte)));
/** The bytes of a field value or a reason phrase: no control character but the tab (RFC 9110 section 5.5). */
const isText = byteSet((byte) => byte === 0x09 || (byte >= 0x20 && byte !== 0x7f));

function byteSet(has: (byte: number) => boolean): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_, byte) => (has(byte) ? 1 : 0));
}

/** The first offset whose byte is not in the set, or `stop`. */
function skip(bytes: Uint8Array, from: number, stop: number, set: Uint8Array): number {
  let at = from;
  while (at < stop && set[bytes[at] as number] === 1) at++;
  return at;
}

/** The first offset whose byte is not between those of the two texts, or `stop`. `index`: where in the texts to begin. */
function outsideOf(
  low: Buffer,
  high: Buffer,
  bytes: Uint8Array,
  from: number,
  stop: number,
  index: number,
): number {
  let at = from;
  for (let i = index; i < low.length && at < stop; i++, at++) {
    const byte = bytes[at] as number;
    if (byte < (low[i] as number) || byte > (high[i] as number)) return at;
  }
  return at;
}
