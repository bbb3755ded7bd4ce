import { ServerResponse, type IncomingMessage } from "node:http";
import type { Server } from "node:https";
import type { Duplex } from "node:stream";
import type { Socket } from "node:net";
import type { WebSocketServer } from "ws";
import type { EncodedAnswer } from "./encode-answer.ts";
import { textResponse } from "./responses.ts";
import { isUpgrade, type WebSocketUpgrade } from "./upgrade.ts";

/** A frame may carry this much: what a real API server takes (golang.org/x/net/websocket). */
const mostFrameBytes = 32 * 1024 * 1024;
/** More connections at once than this that have changed their protocol are refused. */
const mostUpgraded = 1_000;

/** What serving upgrades needs of the server. */
export interface UpgradeOptions {
  /** Answers a request that asks for another protocol, as any other; its body is not read. */
  readonly answer: (message: IncomingMessage, signal: AbortSignal) => Promise<EncodedAnswer>;
  /** Writes an answer that changes nothing. */
  readonly send: (response: EncodedAnswer, to: ServerResponse) => Promise<void>;
}

/** Whether a request is to be served as one for another protocol; with a body it is a plain request: for `shouldUpgradeCallback`. */
export function mayUpgrade({ headers }: IncomingMessage): boolean {
  return headers["transfer-encoding"] === undefined && (headers["content-length"] ?? "0") === "0";
}

/** Serves requests that change the protocol of their connection: WebSockets, and SPDY for older clients. */
export function serveUpgrades(server: Server, { answer, send }: UpgradeOptions): void {
  let upgraded = 0;
  let loading: Promise<WebSocketServer> | undefined;

  async function upgrade(message: IncomingMessage, socket: Socket, head: Buffer): Promise<void> {
    const gone = new AbortController();
    const end = () => gone.abort();
    socket.on("error", end);
    socket.once("close", end);
    const response =
      upgraded >= mostUpgraded
        ? textResponse(503, "too many open streams")
        : await answer(message, gone.signal);
    if (socket.destroyed) return;
    if (!isUpgrade(response)) return sendPlain(message, socket, response, send);
    upgraded += 1;
    socket.once("close", () => (upgraded -= 1));
    if (response.upgrade.kind === "websocket") {
      loading ??= loadWebSockets();
      handOver(await loading, response.upgrade, message, socket, head);
    } else {
      const lines = response.upgrade.headers.map(([name, value]) => `${name}: ${value}\r\n`);
      socket.write(`HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\n${lines.join("")}\r\n`);
      if (head.length > 0) socket.unshift(head);
      response.upgrade.run(socket);
    }
  }

  // Node leaves the connection of such a request alone from here on: its time limits no longer hold, and nobody reads.
  server.on("upgrade", (message, socket: Socket, head) => {
    upgrade(message, socket, head).catch(() => socket.destroy());
  });
}

/** The library is loaded with the first client. */
async function loadWebSockets(): Promise<WebSocketServer> {
  const { WebSocketServer } = await import("ws");
  return new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: mostFrameBytes,
  });
}

function handOver(
  sockets: WebSocketServer,
  { subprotocol, run }: WebSocketUpgrade,
  message: IncomingMessage,
  socket: Duplex,
  head: Buffer,
): void {
  // The subprotocol is chosen already, and the library would refuse kubectl's own, whose name has a slash.
  delete message.headers["sec-websocket-protocol"];
  const tell = (lines: string[], request: IncomingMessage) => {
    if (request === message && subprotocol !== undefined)
      lines.push(`Sec-WebSocket-Protocol: ${subprotocol}`);
  };
  sockets.on("headers", tell);
  try {
    sockets.handleUpgrade(message, socket, head, (client) => {
      // A frame that breaks the protocol: the library has said so to the client, and closes.
      client.on("error", () => {});
      run(client);
    });
  } finally {
    sockets.off("headers", tell);
  }
}

async function sendPlain(
  message: IncomingMessage,
  socket: Socket,
  response: EncodedAnswer,
  send: UpgradeOptions["send"],
): Promise<void> {
  const to = new ServerResponse(message);
  to.assignSocket(socket);
  // While nobody reads, nobody learns that the client has gone.
  socket.resume();
  to.once("finish", () => socket.destroySoon());
  await send({ ...response, headers: { ...response.headers, connection: "close" } }, to);
}
