import { randomBytes } from "node:crypto";

/** A frame of control from the server, or the sign that some data came. */
export type ServerFrame =
  | { readonly kind: "ping" | "pong"; readonly payload: Buffer }
  | { readonly kind: "close"; readonly code: number }
  | { readonly kind: "data" };

/** RFC 6455, section 5.2. */
const opcodes = { close: 0x8, ping: 0x9, pong: 0xa } as const;
/** RFC 6455, section 7.4.1: a close frame without a code. */
const noCode = 1005;

/**
 * Reads the frames that a server sends (https://www.rfc-editor.org/rfc/rfc6455#section-5.2), wherever the bytes are cut. The
 * payload of data is passed over. `problem` says what no server may send; after it nothing more is read.
 */
export class FrameReader {
  problem: string | undefined;
  #head = Buffer.alloc(0);
  #skip = 0;

  push(bytes: Buffer): ServerFrame[] {
    const frames: ServerFrame[] = [];
    let rest = bytes;
    while (rest.length > 0 && this.problem === undefined) {
      const passed = Math.min(this.#skip, rest.length);
      this.#skip -= passed;
      rest = rest.subarray(passed);
      if (rest.length === 0) break;
      const gathered = Buffer.concat([this.#head, rest]);
      const used = this.#read(gathered, frames);
      if (used === 0) {
        this.#head = gathered;
        break;
      }
      this.#head = Buffer.alloc(0);
      rest = gathered.subarray(used);
    }
    return frames;
  }

  /** Reads one frame's head, and the payload of one of control. Gives the bytes used: 0 when more are needed. */
  #read(bytes: Buffer, frames: ServerFrame[]): number {
    if (bytes.length < 2) return 0;
    const [first = 0, second = 0] = bytes;
    const opcode = first & 0x0f;
    if ((first & 0x70) !== 0) return this.#fail("reserved bits are set", bytes);
    // RFC 6455, section 5.1: a server does not mask.
    if ((second & 0x80) !== 0) return this.#fail("a masked frame", bytes);
    const short = second & 0x7f;
    if (opcode >= 0x8)
      return this.#readControl(bytes, { opcode, length: short, isWhole: (first & 0x80) !== 0 }, frames);
    if (opcode > 0x2) return this.#fail(`the opcode ${opcode}`, bytes);
    const size = short === 126 ? 4 : short === 127 ? 10 : 2;
    if (bytes.length < size) return 0;
    this.#skip =
      short === 126 ? bytes.readUInt16BE(2) : short === 127 ? Number(bytes.readBigUInt64BE(2)) : short;
    frames.push({ kind: "data" });
    return size;
  }

  #readControl(
    bytes: Buffer,
    {
      opcode,
      length,
      isWhole,
    }: { readonly opcode: number; readonly length: number; readonly isWhole: boolean },
    frames: ServerFrame[],
  ): number {
    // RFC 6455, section 5.5.
    if (length > 125 || !isWhole) return this.#fail("a frame of control that is too long or in parts", bytes);
    if (bytes.length < 2 + length) return 0;
    const payload = Buffer.from(bytes.subarray(2, 2 + length));
    if (opcode === opcodes.close)
      frames.push({ kind: "close", code: length < 2 ? noCode : payload.readUInt16BE(0) });
    else if (opcode === opcodes.ping) frames.push({ kind: "ping", payload });
    else if (opcode === opcodes.pong) frames.push({ kind: "pong", payload });
    else return this.#fail(`the opcode ${opcode}`, bytes);
    return 2 + length;
  }

  #fail(problem: string, bytes: Buffer): number {
    this.problem = problem;
    return bytes.length;
  }
}

/** A frame of control as a client sends it: masked (RFC 6455, section 5.3). `payload` has 125 bytes at most. */
export function clientFrame(
  kind: keyof typeof opcodes,
  payload: Uint8Array = new Uint8Array(),
  mask: Uint8Array = randomBytes(4),
): Buffer {
  const frame = Buffer.alloc(6 + payload.length);
  frame[0] = 0x80 | opcodes[kind];
  frame[1] = 0x80 | payload.length;
  frame.set(mask, 2);
  for (let i = 0; i < payload.length; i++) frame[6 + i] = payload[i]! ^ mask[i % 4]!;
  return frame;
}

/** The payload of a close frame. */
export function closeCode(code: number): Buffer {
  const payload = Buffer.alloc(2);
  payload.writeUInt16BE(code);
  return payload;
}
