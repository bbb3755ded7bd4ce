import { constants, createInflate, type Inflate } from "node:zlib";
import { spdyDictionary } from "./spdy-dictionary.ts";
import { SpdyProtocolError } from "./spdy-frames.ts";

/** Headers of a stream: names in lower case, the values of one name joined by a null character. */
export type SpdyHeaders = ReadonlyMap<string, string>;

/** No client has more than a handful of short ones. */
const mostBlockBytes = 64 * 1024;

/** Reads the header blocks of one connection, which are one zlib stream: they have to come in their order. */
export class HeaderBlockReader {
  readonly #inflate: Inflate;
  #text: Buffer[] = [];
  #bytes = 0;
  #failed: Error | undefined;

  constructor() {
    this.#inflate = createInflate({ dictionary: spdyDictionary, flush: constants.Z_SYNC_FLUSH });
    this.#inflate.on("data", (chunk: Buffer) => {
      this.#bytes += chunk.length;
      // A small block can become a very large one.
      if (this.#bytes > mostBlockBytes) this.#inflate.destroy(new SpdyProtocolError("headers are too long"));
      else this.#text.push(chunk);
    });
    this.#inflate.on("error", (error) => (this.#failed = error));
  }

  /** Rejects with SpdyProtocolError when it is no header block. */
  async read(block: Buffer): Promise<SpdyHeaders> {
    this.#text = [];
    this.#bytes = 0;
    await new Promise<void>((resolve) => {
      this.#inflate.once("close", resolve);
      this.#inflate.write(block, () => {
        this.#inflate.off("close", resolve);
        resolve();
      });
    });
    if (this.#failed !== undefined || this.#inflate.destroyed)
      throw new SpdyProtocolError(this.#failed?.message ?? "headers cannot be read");
    return parseHeaders(Buffer.concat(this.#text));
  }

  close(): void {
    this.#inflate.destroy();
  }
}

/** Writes the header blocks of one connection. */
export class HeaderBlockWriter {
  #isFirst = true;

  /**
   * Deflate allows to store instead of to compress (RFC 1951, section 3.2.4), and our headers are few: so nothing has to be
   * waited for, and the order of frames is that of the calls.
   */
  write(headers: SpdyHeaders): Buffer {
    const text = formatHeaders(headers);
    const head = Buffer.alloc(5);
    head.writeUInt16LE(text.length, 1);
    head.writeUInt16LE(0xffff - text.length, 3);
    // RFC 1950: deflate with a window of 32 KiB, no dictionary.
    const start = this.#isFirst ? Buffer.of(0x78, 0x01) : Buffer.alloc(0);
    this.#isFirst = false;
    return Buffer.concat([start, head, text, flush]);
  }
}

/** An empty block, as zlib's Z_SYNC_FLUSH ends: without it Go's reader looks for the next one, finds no byte, and gives up. */
const flush = Buffer.of(0, 0, 0, 0xff, 0xff);

function formatHeaders(headers: SpdyHeaders): Buffer {
  const parts = [uint32(headers.size)];
  for (const pair of headers)
    for (const text of pair) {
      const bytes = Buffer.from(text);
      parts.push(uint32(bytes.length), bytes);
    }
  return Buffer.concat(parts);
}

function parseHeaders(block: Buffer): SpdyHeaders {
  let at = 0;
  const number = (): number => {
    if (at + 4 > block.length) throw new SpdyProtocolError("headers are cut off");
    at += 4;
    return block.readUInt32BE(at - 4);
  };
  const text = (): string => {
    const length = number();
    if (at + length > block.length) throw new SpdyProtocolError("headers are cut off");
    at += length;
    return block.toString("utf8", at - length, at);
  };
  const headers = new Map<string, string>();
  for (let count = number(); count > 0; count -= 1) {
    const name = text().toLowerCase();
    if (name === "" || headers.has(name)) throw new SpdyProtocolError("a header has no name, or comes twice");
    headers.set(name, text());
  }
  if (at !== block.length) throw new SpdyProtocolError("there is something after the headers");
  return headers;
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
