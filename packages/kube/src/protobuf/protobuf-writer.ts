/**
 * Writes messages from their end to their beginning, since the length of a value, which stands before it, is known only
 * then. Kubernetes' own code does the same.
 */
export class ProtobufWriter {
  #bytes = Buffer.allocUnsafe(4096);
  #start = this.#bytes.length;

  /** How many bytes have been written. */
  get length(): number {
    return this.#bytes.length - this.#start;
  }

  /** What has been written. */
  finish(): Buffer {
    return this.#bytes.subarray(this.#start);
  }

  /** Writes the number of a field and how its value is written. */
  tag(number: number, wireType: number): void {
    this.varint(number * 8 + wireType);
  }

  /** A whole number that is not negative. */
  varint(value: number): void {
    const length = varintLength(value);
    let at = this.#room(length);
    let rest = value;
    while (rest >= 128) {
      this.#bytes[at] = (rest % 128) + 128;
      rest = Math.floor(rest / 128);
      at += 1;
    }
    this.#bytes[at] = rest;
  }

  /** A whole number; one that is negative as that of 64 bits. */
  int64(value: number): void {
    if (value >= 0) return this.varint(value);
    let rest = BigInt.asUintN(64, BigInt(value));
    let at = this.#room(10);
    while (rest >= 128n) {
      this.#bytes[at] = Number(rest % 128n) + 128;
      rest /= 128n;
      at += 1;
    }
    this.#bytes[at] = Number(rest);
  }

  double(value: number): void {
    const at = this.#room(8);
    this.#bytes.writeDoubleLE(value, at);
  }

  bytes(value: Uint8Array): void {
    const at = this.#room(value.length);
    this.#bytes.set(value, at);
  }

  text(value: string): void {
    const length = Buffer.byteLength(value);
    const at = this.#room(length);
    this.#bytes.write(value, at, length, "utf8");
  }

  /** Makes room for so many bytes before what has been written, perhaps in another buffer, and tells where they begin. */
  #room(length: number): number {
    if (length > this.#start) {
      const written = this.length;
      const larger = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, written + length));
      this.#bytes.copy(larger, larger.length - written, this.#start);
      this.#bytes = larger;
      this.#start = larger.length - written;
    }
    this.#start -= length;
    return this.#start;
  }
}

function varintLength(value: number): number {
  let length = 1;
  for (let rest = value; rest >= 128; rest = Math.floor(rest / 128)) length += 1;
  return length;
}
