/**
 * Reads what stands before the data of a chunk: the line end of the chunk before it, and the line with its size
 * (RFC 9112 section 7.1). Extensions are passed over.
 */
export class ChunkReader {
  /** Bytes of data in the chunk whose line was read; 0 for the last chunk. */
  size = 0;
  /** Whether the line has been read, so that the data of the chunk comes next. */
  ended = false;
  problem: string | undefined;
  readonly #lineLimit: number;
  #place = atFirstDigit;
  #digits = 0;
  #lineBytes = 0;

  constructor(lineLimit: number) {
    this.#lineLimit = lineLimit;
  }

  /** Begins the next chunk. Only the first chunk has no line end of an earlier chunk before it. */
  begin(isFirst: boolean): void {
    this.#place = isFirst ? atFirstDigit : atDataEnd;
    this.#digits = 0;
    this.#lineBytes = 0;
    this.size = 0;
    this.ended = false;
    this.problem = undefined;
  }

  /** Reads bytes[from, to); gives the offset behind the last byte before the data, or behind the wrong byte. */
  read(bytes: Uint8Array, from: number, to: number): number {
    let at = from;
    while (at < to && !this.ended && this.problem === undefined) this.#take(bytes[at++] as number);
    return at;
  }

  #take(byte: number): void {
    if (this.#place === atDataEnd || this.#place === atDataFeed) return this.#dataEnd(byte);
    if (++this.#lineBytes > this.#lineLimit) this.problem = "a chunk line is too long";
    else if (this.#place === atFeed) {
      if (byte === lineFeed) this.ended = true;
      else this.problem = badLineEnd;
    } else if (this.#place === inExtension) this.#extension(byte);
    else this.#afterDigits(byte);
  }

  #dataEnd(byte: number): void {
    if (byte !== (this.#place === atDataEnd ? carriageReturn : lineFeed))
      this.problem = "a chunk is longer than its size says";
    else this.#place = this.#place === atDataEnd ? atDataFeed : atFirstDigit;
  }

  /** Takes a digit, or a byte that may follow the last digit. */
  #afterDigits(byte: number): void {
    const digit = digitValue[byte] as number;
    if (digit < 16 && this.#place === atFirstDigit && this.#digits < digitLimit) {
      this.size = this.size * 16 + digit;
      this.#digits++;
    } else if (this.#digits === 0) this.problem = malformedSize;
    else if (byte === semicolon) this.#place = inExtension;
    else if (byte === space || byte === tab) this.#place = afterDigits;
    else this.#lineEnd(byte, malformedSize);
  }

  #extension(byte: number): void {
    const isControl = (byte < space && byte !== tab) || byte === 0x7f;
    if (isControl) this.#lineEnd(byte, "a chunk extension is malformed");
  }

  #lineEnd(byte: number, otherwise: string): void {
    if (byte === carriageReturn) this.#place = atFeed;
    else this.problem = byte === lineFeed ? badLineEnd : otherwise;
  }
}

/** 12 hexadecimal digits are less than 2^53. */
const digitLimit = 12;
const atDataEnd = 0;
const atDataFeed = 1;
const atFirstDigit = 2;
const afterDigits = 3;
const inExtension = 4;
const atFeed = 5;

const tab = 0x09;
const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const space = 0x20;
const semicolon = 0x3b;

const malformedSize = "a chunk size is malformed";
const badLineEnd = "a line does not end in CRLF";

/** The value of each byte as a hexadecimal digit; 16 for a byte that is none. */
const digitValue = Uint8Array.from({ length: 256 }, (_, byte) => {
  const value = "0123456789abcdef".indexOf(String.fromCharCode(byte).toLowerCase());
  return value < 0 ? 16 : value;
});
