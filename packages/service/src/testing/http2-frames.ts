/** Frame types that the raw client knows: RFC 9113, section 6. */
export const frameTypes = {
  data: 0x0,
  headers: 0x1,
  reset: 0x3,
  settings: 0x4,
  ping: 0x6,
  goaway: 0x7,
} as const;
const endStream = 0x1;
const endHeaders = 0x4;
export const ack = 0x1;

/** What a client sends first. */
export const preface = Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");

/** A frame as it came. */
export interface Frame {
  readonly type: number;
  readonly flags: number;
  readonly stream: number;
  readonly payload: Buffer;
}

/** RFC 9113, section 4.1. */
export function encodeFrame(type: number, flags: number, stream: number, payload = Buffer.alloc(0)): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head.writeUInt8(type, 3);
  head.writeUInt8(flags, 4);
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

/** Takes whole frames off the front; gives them and what is left. */
export function decodeFrames(bytes: Buffer): { readonly frames: readonly Frame[]; readonly rest: Buffer } {
  const frames: Frame[] = [];
  let at = 0;
  while (at + 9 <= bytes.length && at + 9 + bytes.readUIntBE(at, 3) <= bytes.length) {
    const end = at + 9 + bytes.readUIntBE(at, 3);
    const stream = bytes.readUInt32BE(at + 5) & 0x7fffffff;
    frames.push({
      type: bytes[at + 3] ?? 0,
      flags: bytes[at + 4] ?? 0,
      stream,
      payload: bytes.subarray(at + 9, end),
    });
    at = end;
  }
  return { frames, rest: bytes.subarray(at) };
}

/** A GET without a body, in literals and fields of HPACK's static table only (RFC 7541, section 6 and appendix A). */
export function encodeGet(stream: number, scheme: "http" | "https", path: string): Buffer {
  const literal = (name: number, value: string): Buffer =>
    Buffer.concat([Buffer.from([name, value.length]), Buffer.from(value)]);
  const methodAndScheme = Buffer.from([0x82, scheme === "https" ? 0x87 : 0x86]);
  const block = Buffer.concat([methodAndScheme, literal(0x04, path), literal(0x01, "localhost")]);
  return encodeFrame(frameTypes.headers, endStream | endHeaders, stream, block);
}

/** Whether a frame ends its stream. */
export function endsStream({ type, flags }: Frame): boolean {
  return (type === frameTypes.data || type === frameTypes.headers) && (flags & endStream) !== 0;
}

/** Whether the headers begin with the indexed field `:status: 200`. */
export function isStatus200({ payload }: Frame): boolean {
  return payload[0] === 0x88;
}
