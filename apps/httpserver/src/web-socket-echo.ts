import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import type { WebSocket, WebSocketServer } from "ws";
import type { AnsweredBy } from "./answers/answer-headers.ts";
import { refuseConnection } from "./answers/refuse-connection.ts";

/** Sends every message back that comes over a WebSocket at /ws/echo. */
export interface WebSocketEcho {
  /** Whether a request is to become a WebSocket here. For Node's `shouldUpgradeCallback`: others are plain requests. */
  wants(request: IncomingMessage): boolean;
  /** To be called on a server's `upgrade`. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
}

/** Who answers, and how long the echo waits for silent clients. */
export interface WebSocketEchoOptions extends AnsweredBy {
  /** Between two pings to a client: 30 s. One that lets two of them pass without a sign of life is gone. */
  readonly pingMs?: number;
}

/** The path that is served. */
export const webSocketPath = "/ws/echo";

const maxMessageBytes = 1024 * 1024;
const maxClients = 1_000;
const maxUnanswered = 2;

/** Makes the echo. The WebSocket library is loaded with the first client. */
export function createWebSocketEcho(options: WebSocketEchoOptions): WebSocketEcho {
  const { version, podName, pingMs = 30_000 } = options;
  let loading: Promise<WebSocketServer> | undefined;

  async function load(): Promise<WebSocketServer> {
    const { WebSocketServer } = await import("ws");
    const server = new WebSocketServer({
      noServer: true,
      maxPayload: maxMessageBytes,
      perMessageDeflate: false,
    });
    server.on("headers", (lines) => {
      lines.push(`version: ${version}`);
      if (podName !== undefined) lines.push(`x-pod-name: ${podName}`);
    });
    return server;
  }

  async function accept(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const server = await (loading ??= load());
    if (socket.destroyed) return;
    if (server.clients.size >= maxClients) refuseConnection(socket, "503 Service Unavailable");
    else server.handleUpgrade(request, socket, head, (client) => serve(client, pingMs));
  }

  return {
    wants(request) {
      return (
        isPath(request) && request.headers.upgrade?.toLowerCase() === "websocket" && !bringsBody(request)
      );
    },
    upgrade(request, socket, head) {
      socket.on("error", () => socket.destroy()); // Until the library listens, too.
      if (!isPath(request)) refuseConnection(socket, "404 Not Found");
      else accept(request, socket, head).catch(() => socket.destroy());
    },
  };
}

function serve(client: WebSocket, pingMs: number): void {
  let unanswered = 0;
  const hear = (): void => void (unanswered = 0);
  client.on("pong", hear);
  client.on("ping", hear);
  client.on("message", (data, isBinary) => {
    hear();
    // The next message is read when this one is sent, so that a client that does not read fills no memory here.
    client.pause();
    client.send(data as Buffer, { binary: isBinary }, () => client.resume());
  });
  client.on("error", () => client.terminate());
  const timer = setInterval(() => {
    unanswered += 1;
    if (unanswered > maxUnanswered) client.terminate();
    else client.ping();
  }, pingMs);
  client.on("close", () => clearInterval(timer));
}

/** Whether there is a body: it must be read before another protocol begins (RFC 9110, section 7.8), or is taken for that. */
function bringsBody({ headers }: IncomingMessage): boolean {
  return headers["transfer-encoding"] !== undefined || (headers["content-length"] ?? "0") !== "0";
}

function isPath(request: IncomingMessage): boolean {
  return (request.url ?? "").split("?", 1)[0] === webSocketPath;
}
