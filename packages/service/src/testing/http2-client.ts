import type { Socket } from "node:net";
import type { DrainClient, Target } from "./drain-client.ts";
import { connectWire } from "./drain-wire.ts";
import {
  ack,
  decodeFrames,
  encodeFrame,
  encodeGet,
  endsStream,
  type Frame,
  frameTypes,
  isStatus200,
  preface,
} from "./http2-frames.ts";

/**
 * An HTTP/2 client with bare frames, one request at a time. Node's own client hides whether a request was sent: it
 * queues requests that the server forbids, and gives them up later as if the server had refused them.
 */
export function http2Client(target: Target): DrainClient {
  let connection: Http2Connection | undefined;
  return {
    async ask(path) {
      if (connection === undefined || connection.mustReconnect) connection = await openConnection(target);
      return connection.ask(path);
    },
    get mustReconnect() {
      return connection?.mustReconnect === true;
    },
    close: () => connection?.socket.destroy(),
  };
}

interface Http2Connection {
  readonly socket: Socket;
  readonly mustReconnect: boolean;
  ask(path: string): Promise<string>;
}

interface Pending {
  readonly stream: number;
  readonly resolve: (body: string) => void;
  readonly reject: (error: Error) => void;
  ok: boolean;
  body: string;
}

async function openConnection(target: Target): Promise<Http2Connection> {
  const socket = await connectWire(target);
  let mustReconnect = false;
  let nextStream = 1;
  let pending: Pending | undefined;
  let rest = Buffer.alloc(0) as Buffer;

  function fail(why: string): void {
    pending?.reject(new Error(why));
    pending = undefined;
  }
  function take(frame: Frame): void {
    const { type, flags, stream, payload } = frame;
    if (type === frameTypes.settings && (flags & ack) === 0) {
      socket.write(encodeFrame(frameTypes.settings, ack, 0));
    } else if (type === frameTypes.ping && (flags & ack) === 0) {
      socket.write(encodeFrame(frameTypes.ping, ack, 0, Buffer.from(payload)));
    } else if (type === frameTypes.goaway) {
      mustReconnect = true;
      const last = payload.readUInt32BE(0) & 0x7fffffff;
      if (pending !== undefined && pending.stream > last) fail(`GOAWAY after stream ${last}`);
    } else if (pending !== undefined && stream === pending.stream) {
      if (type === frameTypes.reset) fail(`stream reset with ${payload.readUInt32BE(0)}`);
      if (pending === undefined) return;
      if (type === frameTypes.headers && isStatus200(frame)) pending.ok = true;
      if (type === frameTypes.data) pending.body += payload.toString("utf8");
      if (!endsStream(frame)) return;
      if (pending.ok) pending.resolve(pending.body);
      else pending.reject(new Error("not status 200"));
      pending = undefined;
    }
  }
  socket.on("data", (chunk: Buffer) => {
    const { frames, rest: left } = decodeFrames(Buffer.concat([rest, chunk]));
    rest = left;
    for (const frame of frames) take(frame);
  });
  socket.on("close", () => {
    mustReconnect = true;
    fail("connection closed");
  });
  socket.write(Buffer.concat([preface, encodeFrame(frameTypes.settings, 0, 0)]));

  return {
    socket,
    get mustReconnect() {
      return mustReconnect;
    },
    ask(path) {
      const { promise, resolve, reject } = Promise.withResolvers<string>();
      pending = { stream: nextStream, resolve, reject, ok: false, body: "" };
      nextStream += 2;
      socket.write(encodeGet(pending.stream, target.scheme === "h2" ? "https" : "http", path));
      return promise;
    },
  };
}
