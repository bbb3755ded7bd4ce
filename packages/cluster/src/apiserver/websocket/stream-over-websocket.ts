import { Buffer } from "node:buffer";
import type { ApiRequest, ApiResponse } from "@seaworthy/client";
import type { WebSocket } from "ws";
import { textResponse } from "../http/responses.ts";
import { upgradeResponse } from "../http/upgrade.ts";
import { chooseSubprotocol } from "./choose-subprotocol.ts";

/**
 * Answers a client that asked for a WebSocket with one stream of text, a message for each piece. What the client sends is left out.
 * https://github.com/kubernetes/kubernetes/blob/v1.36.3/staging/src/k8s.io/streaming/pkg/httpstream/wsstream/stream.go
 */
export function streamOverWebSocket(request: ApiRequest, pieces: AsyncIterable<string>): ApiResponse {
  const chosen = chooseSubprotocol(request, encodings);
  if (chosen === undefined) return textResponse(403, "");
  return upgradeResponse({
    kind: "websocket",
    subprotocol: chosen.name,
    run: (socket) => void sendAll(socket, pieces, chosen.meaning),
  });
}

type Encode = (text: string) => string | Buffer;

const binary: Encode = (text) => Buffer.from(text);
const encodings: ReadonlyMap<string, Encode> = new Map([
  ["", binary],
  ["binary.k8s.io", binary],
  ["base64.binary.k8s.io", (text) => Buffer.from(text).toString("base64")],
]);

/** An empty message comes first and says that the connection stands. */
async function sendAll(socket: WebSocket, pieces: AsyncIterable<string>, encode: Encode): Promise<void> {
  const send = (text: string) =>
    new Promise<void>((resolve, reject) => {
      socket.send(encode(text), (error) => (error == null ? resolve() : reject(error)));
    });
  try {
    await send("");
    for await (const piece of pieces) await send(piece);
    socket.close(1000);
  } catch {
    // The client is gone, or the source has failed.
    socket.close(1011);
  }
}
