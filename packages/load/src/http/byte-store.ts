/** Bytes that are gathered piece by piece. The memory is used again after `clear`. */
export class ByteStore {
  length = 0;
  #memory = none;

  /** The bytes gathered so far: a view that is good until the next call of `append` or `clear`. */
  get bytes(): Buffer {
    return this.length === 0 ? none : this.#memory.subarray(0, this.length);
  }

  /** Copies bytes[from, to). */
  append(bytes: Uint8Array, from: number, to: number): void {
    const length = this.length + to - from;
    if (length > this.#memory.length) {
      const larger = Buffer.alloc(Math.max(length, 2 * this.#memory.length));
      larger.set(this.bytes);
      this.#memory = larger;
    }
    this.#memory.set(bytes.subarray(from, to), this.length);
    this.length = length;
  }

  clear(): void {
    this.length = 0;
  }
}

const none = Buffer.alloc(0);
