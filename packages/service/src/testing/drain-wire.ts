import { once } from "node:events";
import net, { type Socket } from "node:net";
import tls from "node:tls";
import type { Target } from "./drain-client.ts";
import {
  decodeFrames,
  encodeFrame,
  encodeGet,
  endsStream,
  frameTypes,
  isStatus200,
  preface,
} from "./http2-frames.ts";

/** A bare connection of a scheme, for requests that no client library would send. */
export async function connectWire({ scheme, port, ca }: Target): Promise<Socket> {
  const secure = scheme === "https" || scheme === "h2";
  const socket = secure
    ? tls.connect({
        host: "127.0.0.1",
        port,
        ca,
        servername: "localhost",
        ALPNProtocols: [scheme === "h2" ? "h2" : "http/1.1"],
      })
    : net.connect(port, "127.0.0.1");
  await once(socket, secure ? "secureConnect" : "connect");
  socket.on("error", () => undefined); // The close that follows tells enough.
  return socket;
}

/** A GET of `/` as bytes, to be cut anywhere. */
export function requestBytes({ scheme }: Target): Buffer {
  if (scheme === "http" || scheme === "https")
    return Buffer.from("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
  return Buffer.concat([
    preface,
    encodeFrame(frameTypes.settings, 0, 0),
    encodeGet(1, scheme === "h2" ? "https" : "http", "/"),
  ]);
}

/** Whether the bytes hold a whole answer with status 200. */
export function isWholeAnswer({ scheme }: Target, bytes: Buffer): boolean {
  if (scheme === "http" || scheme === "https")
    return /^HTTP\/1\.1 200 [\s\S]*\r\nok/.test(bytes.toString("latin1"));
  const answer = decodeFrames(bytes).frames.filter(({ stream }) => stream === 1);
  return (
    answer.some((frame) => frame.type === frameTypes.headers && isStatus200(frame)) && answer.some(endsStream)
  );
}
