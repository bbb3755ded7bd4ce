import { Http1Head } from "./http1-head.ts";

/**
 * The last few distinct heads, so that an answer whose head was seen before costs one comparison of memory and no strings. All
 * parsers of a process share one cache.
 */
export class HeadCache {
  readonly #entries: readonly Entry[] = Array.from({ length: entryCount }, newEntry);
  #newest = 0;

  /** The head that the bytes begin with, if it is known. No head begins another, because each ends with its only empty line. */
  find(bytes: Uint8Array, from: number, to: number): Http1Head | undefined {
    for (let age = 0; age < entryCount; age++) {
      const entry = this.#entries[(this.#newest + age) % entryCount] as Entry;
      const { size, probe, formerProbe } = entry;
      if (size > to - from || bytes[from + probe] !== entry.bytes[probe]) continue;
      if (bytes[from + formerProbe] !== entry.bytes[formerProbe]) continue;
      const differsAt = firstDifference(entry.bytes, bytes, from, size);
      if (differsAt === size) return entry.head;
      entry.formerProbe = probe;
      entry.probe = differsAt;
    }
    return undefined;
  }

  /** Takes in the head in bytes[from, to), whose lines have been checked. */
  add(bytes: Uint8Array, from: number, to: number): Http1Head {
    const size = to - from;
    if (size > entryBytes) return new Http1Head(latin1(bytes, from, to));
    this.#newest = (this.#newest + entryCount - 1) % entryCount;
    const entry = this.#entries[this.#newest] as Entry;
    entry.bytes.set(bytes.subarray(from, to));
    entry.size = size;
    // A shorter head than the one before it may not reach that far.
    if (entry.probe >= size) entry.probe = 0;
    if (entry.formerProbe >= size) entry.formerProbe = 0;
    entry.head = new Http1Head(entry.bytes.toString("latin1", 0, size));
    return entry.head;
  }
}

const entryCount = 8;
const entryBytes = 2_048;

interface Entry {
  readonly bytes: Buffer;
  size: number;
  head: Http1Head | undefined;
  /**
   * The offsets at which other heads were seen to differ the last time, and the time before. They are compared first: heads
   * that differ in a request id differ there again, and a byte or two tells them apart.
   */
  probe: number;
  formerProbe: number;
}

function newEntry(): Entry {
  return {
    bytes: Buffer.alloc(entryBytes),
    size: Number.POSITIVE_INFINITY,
    head: undefined,
    probe: 0,
    formerProbe: 0,
  };
}

/** The first offset at which two heads differ. A loop finds it, because calling `Buffer.compare` costs more than comparing. */
function firstDifference(head: Uint8Array, bytes: Uint8Array, from: number, size: number): number {
  let at = 0;
  while (at < size && head[at] === bytes[from + at]) at++;
  return at;
}

function latin1(bytes: Uint8Array, from: number, to: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from).toString("latin1");
}
