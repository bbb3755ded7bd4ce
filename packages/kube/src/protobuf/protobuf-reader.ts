import { ProtobufError, unexpectedEnd } from "./protobuf-error.ts";

/** How deep messages may stand in one another. No manifest comes near, and what recurses into them is safe. */
const deepest = 1_000;

/** Reads the fields of messages out of bytes: https://protobuf.dev/programming-guides/encoding/ */
export class ProtobufReader {
  readonly #bytes: Buffer;
  #at = 0;
  #end: number;
  #depth = 0;
  /** The wire type of the last tag. */
  wireType = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
    this.#end = bytes.length;
  }

  /** The number of the next field of a message; 0 at its end. */
  nextField(message: string): number {
    if (this.#at === this.#end) return 0;
    const tag = this.varint();
    const number = Math.floor(tag / 8) | 0;
    this.wireType = tag % 8;
    if (this.wireType === 4) throw new ProtobufError(`proto: ${message}: wiretype end group for non-group`);
    if (number <= 0)
      throw new ProtobufError(`proto: ${message}: illegal tag ${number} (wire type ${this.wireType})`);
    return number;
  }

  /** An unsigned whole number. One above 2^53 comes as near as a number can be. */
  varint(): number {
    const low = this.#sevenBits(4);
    if (!this.#goesOn) return low;
    return low + this.#sevenBits(6) * 2 ** 28;
  }

  /** A whole number whose negative values stand as those of 64 bits. */
  int64(): number {
    const low = this.#sevenBits(4);
    if (!this.#goesOn) return low;
    const high = this.#sevenBits(6);
    const isNegative = high >= 2 ** 35;
    return low + (isNegative ? high - 2 ** 36 : high) * 2 ** 28;
  }

  double(): number {
    const start = this.#skipBytes(8);
    return this.#bytes.readDoubleLE(start);
  }

  /** The bytes up to the end of what is being read. */
  rest(): Buffer {
    return this.#bytes.subarray(this.#skipBytes(this.#end - this.#at), this.#at);
  }

  /** The text up to the end of what is being read. */
  restAsText(): string {
    const start = this.#skipBytes(this.#end - this.#at);
    return this.#bytes.toString("utf8", start, this.#at);
  }

  get isAtEnd(): boolean {
    return this.#at === this.#end;
  }

  /** Goes into a value that begins with its length. It is left with what is returned. */
  enter(): number {
    const length = this.varint();
    if (length > this.#end - this.#at) throw unexpectedEnd();
    this.#depth += 1;
    if (this.#depth > deepest) throw new ProtobufError("proto: nested too deep");
    const outer = this.#end;
    this.#end = this.#at + length;
    return outer;
  }

  leave(outer: number): void {
    this.#at = this.#end;
    this.#end = outer;
    this.#depth -= 1;
  }

  /** Goes past the value of a field that is not known. */
  skip(): void {
    switch (this.wireType) {
      case 0:
        this.varint();
        return;
      case 1:
        this.#skipBytes(8);
        return;
      case 2:
        this.#skipBytes(this.varint());
        return;
      case 5:
        this.#skipBytes(4);
        return;
      default:
        // Groups have gone out of use long before Kubernetes came.
        throw new ProtobufError(`proto: illegal wireType ${this.wireType}`);
    }
  }

  #goesOn = false;

  /** Up to `count` bytes of a number, seven bits each, the lowest first. */
  #sevenBits(count: number): number {
    let value = 0;
    let factor = 1;
    for (let index = 0; index < count; index += 1) {
      if (this.#at >= this.#end) throw unexpectedEnd();
      const byte = this.#bytes[this.#at]!;
      this.#at += 1;
      value += (byte & 0x7f) * factor;
      factor *= 128;
      this.#goesOn = byte >= 0x80;
      if (!this.#goesOn) return value;
    }
    if (count === 6) throw new ProtobufError("proto: integer overflow");
    return value;
  }

  #skipBytes(length: number): number {
    const start = this.#at;
    if (length > this.#end - start) throw unexpectedEnd();
    this.#at = start + length;
    return start;
  }
}
