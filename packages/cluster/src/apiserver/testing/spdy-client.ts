import type { Duplex } from "node:stream";
import { HeaderBlockWriter, type SpdyHeaders } from "../spdy/header-blocks.ts";
import { dataFrame, SpdyFrameReader, synStreamFrame, type SpdyFrame } from "../spdy/spdy-frames.ts";

/** The client's side of a SPDY connection, frame by frame. */
export interface SpdyClient {
  readonly socket: Duplex;
  /** The next frame that the server sends; undefined at the end. */
  next(): Promise<SpdyFrame | undefined>;
  open(id: number, headers: SpdyHeaders): void;
  send(id: number, data: string | Buffer, isLast?: boolean): void;
}

/** Speaks SPDY on a connection that has agreed to it. */
export function spdyClient(socket: Duplex): SpdyClient {
  const writer = new HeaderBlockWriter();
  const frames = readFrames(socket);
  return {
    socket,
    next: async () => (await frames.next()).value as SpdyFrame | undefined,
    open: (id, headers) => void socket.write(synStreamFrame(id, writer.write(headers))),
    send: (id, data, isLast = false) => void socket.write(dataFrame(id, Buffer.from(data), isLast)),
  };
}

async function* readFrames(socket: Duplex): AsyncGenerator<SpdyFrame> {
  const reader = new SpdyFrameReader();
  for await (const chunk of socket) yield* reader.push(chunk as Buffer);
}
