/** A frame of SPDY/3.1: https://www.chromium.org/spdy/spdy-protocol/spdy-protocol-draft3-1/ */
export type SpdyFrame =
  | { readonly type: "data"; readonly streamId: number; readonly isLast: boolean; readonly data: Buffer }
  | {
      readonly type: "syn-stream";
      readonly streamId: number;
      readonly isLast: boolean;
      /** The header block as it came, compressed. */
      readonly headers: Buffer;
    }
  | {
      readonly type: "syn-reply" | "headers";
      readonly streamId: number;
      readonly isLast: boolean;
      readonly headers: Buffer;
    }
  | { readonly type: "rst-stream"; readonly streamId: number; readonly status: number }
  | { readonly type: "ping"; readonly id: number }
  | { readonly type: "go-away"; readonly lastStreamId: number; readonly status: number }
  /** SETTINGS, WINDOW_UPDATE and what later versions may bring: nothing follows from them. */
  | { readonly type: "other" };

/** The peer does not speak SPDY/3.1. */
export class SpdyProtocolError extends Error {
  override readonly name = "SpdyProtocolError";
}

/** Status codes of RST_STREAM. */
export const resetStatus = {
  protocolError: 1,
  invalidStream: 2,
  refusedStream: 3,
  cancel: 5,
  streamInUse: 8,
} as const;

/** Status codes of GOAWAY. */
export const goAwayStatus = { ok: 0, protocolError: 1 } as const;

/** Go's framer writes what it is given in one frame, so a frame of data is as large as what was read there at once. */
const mostDataBytes = 16 * 1024 * 1024 - 1;
/** No control frame that Kubernetes' clients send comes near. */
const mostControlBytes = 16 * 1024;
const headBytes = 8;
const version = 3;
const flagFin = 0x01;
const flagUnidirectional = 0x02;
const control = 0x8000;

const types = { synStream: 1, synReply: 2, rstStream: 3, settings: 4, ping: 6, goAway: 7, headers: 8 };

/** Takes bytes apart into frames. Frames of data come in pieces as they arrive, so that no frame has to be held whole. */
export class SpdyFrameReader {
  #rest: Buffer = Buffer.alloc(0);
  /** What is still to come of a frame of data. */
  #open: { readonly streamId: number; readonly isLast: boolean; leftBytes: number } | undefined;

  /** The frames that are complete with these bytes. Throws SpdyProtocolError. */
  *push(chunk: Buffer): Generator<SpdyFrame> {
    this.#rest = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    for (;;) {
      const frame = this.#open === undefined ? this.#readHead() : this.#readData(this.#open);
      if (frame === undefined) return;
      if (frame !== "begun") yield frame;
    }
  }

  #readHead(): SpdyFrame | "begun" | undefined {
    const rest = this.#rest;
    if (rest.length < headBytes) return undefined;
    const flags = rest.readUInt8(4);
    const length = rest.readUIntBE(5, 3);
    if (rest.readUInt16BE(0) < control) {
      if (length > mostDataBytes) throw new SpdyProtocolError("a data frame is too long");
      this.#rest = rest.subarray(headBytes);
      const isLast = (flags & flagFin) !== 0;
      this.#open = { streamId: rest.readUInt32BE(0), isLast, leftBytes: length };
      return "begun";
    }
    if (rest.readUInt16BE(0) !== control + version) throw new SpdyProtocolError("not SPDY/3");
    if (length > mostControlBytes) throw new SpdyProtocolError("a control frame is too long");
    if (rest.length < headBytes + length) return undefined;
    const payload = rest.subarray(headBytes, headBytes + length);
    this.#rest = rest.subarray(headBytes + length);
    return readControl(rest.readUInt16BE(2), flags, payload);
  }

  #readData(open: { readonly streamId: number; readonly isLast: boolean; leftBytes: number }) {
    const data = this.#rest.subarray(0, open.leftBytes);
    if (data.length === 0 && open.leftBytes > 0) return undefined;
    this.#rest = this.#rest.subarray(data.length);
    open.leftBytes -= data.length;
    const isWhole = open.leftBytes === 0;
    if (isWhole) this.#open = undefined;
    const { streamId, isLast } = open;
    return { type: "data" as const, streamId, isLast: isLast && isWhole, data };
  }
}

function readControl(type: number, flags: number, payload: Buffer): SpdyFrame {
  const isLast = (flags & flagFin) !== 0;
  const streamId = (): number => {
    if (payload.length < 4) throw new SpdyProtocolError("a control frame is too short");
    return payload.readUInt32BE(0) & 0x7fffffff;
  };
  const second = (): number => {
    if (payload.length < 8) throw new SpdyProtocolError("a control frame is too short");
    return payload.readUInt32BE(4);
  };
  switch (type) {
    case types.synStream:
      if (payload.length < 10) throw new SpdyProtocolError("SYN_STREAM is too short");
      if ((flags & ~(flagFin | flagUnidirectional)) !== 0) throw new SpdyProtocolError("unknown flags");
      return { type: "syn-stream", streamId: streamId(), isLast, headers: payload.subarray(10) };
    case types.synReply:
      return { type: "syn-reply", streamId: streamId(), isLast, headers: payload.subarray(4) };
    case types.headers:
      return { type: "headers", streamId: streamId(), isLast, headers: payload.subarray(4) };
    case types.rstStream:
      return { type: "rst-stream", streamId: streamId(), status: second() };
    case types.ping:
      // The number of a PING has all 32 bits.
      streamId();
      return { type: "ping", id: payload.readUInt32BE(0) };
    case types.goAway:
      return { type: "go-away", lastStreamId: streamId(), status: second() };
    default:
      return { type: "other" };
  }
}

/** The head of a frame of data; the data follow. */
export function dataFrame(streamId: number, data: Uint8Array, isLast: boolean): Buffer {
  const head = Buffer.alloc(headBytes);
  head.writeUInt32BE(streamId, 0);
  head.writeUInt8(isLast ? flagFin : 0, 4);
  head.writeUIntBE(data.length, 5, 3);
  return Buffer.concat([head, data]);
}

/** A SYN_REPLY with a compressed header block. */
export function synReplyFrame(streamId: number, headers: Uint8Array): Buffer {
  return controlFrame(types.synReply, uint32(streamId), headers);
}

/** An RST_STREAM. */
export function rstStreamFrame(streamId: number, status: number): Buffer {
  return controlFrame(types.rstStream, uint32(streamId), uint32(status));
}

/** A PING, which is answered by the same. */
export function pingFrame(id: number): Buffer {
  return controlFrame(types.ping, uint32(id));
}

/** A GOAWAY. */
export function goAwayFrame(lastStreamId: number, status: number): Buffer {
  return controlFrame(types.goAway, uint32(lastStreamId), uint32(status));
}

/** A SYN_STREAM with a compressed header block, for tests, which play the client. */
export function synStreamFrame(streamId: number, headers: Uint8Array, isLast = false): Buffer {
  const frame = controlFrame(types.synStream, uint32(streamId), uint32(0), Buffer.alloc(2), headers);
  frame.writeUInt8(isLast ? flagFin : 0, 4);
  return frame;
}

function controlFrame(type: number, ...parts: readonly Uint8Array[]): Buffer {
  const payload = Buffer.concat(parts);
  const head = Buffer.alloc(headBytes);
  head.writeUInt16BE(control + version, 0);
  head.writeUInt16BE(type, 2);
  head.writeUIntBE(payload.length, 5, 3);
  return Buffer.concat([head, payload]);
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value >>> 0, 0);
  return bytes;
}
