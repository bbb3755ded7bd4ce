import { readFileSync } from "node:fs";
import http, { type RequestListener } from "node:http";
import http2 from "node:http2";
import https from "node:https";
import { WebSocketServer } from "ws";
import type { AnyServer } from "../tap-server.ts";

/** The four ways of speaking HTTP that a service is drained under. */
export const schemes = ["http", "https", "h2", "h2c"] as const;
export type Scheme = (typeof schemes)[number];

/** How long `/slow` thinks and `/stream` goes on. */
export const slowMs = 1_200;

/**
 * The application that every candidate of the drain matrix serves: `/` answers at once, `/slow` late, `/stream` in parts,
 * `/events` for ever, and `/ws` echoes over WebSocket. It knows nothing of shutting down.
 */
export function createDrainServer(
  scheme: Scheme,
  tls: { readonly keyFile: string; readonly certFile: string },
): AnyServer {
  const pair = () => ({ key: readFileSync(tls.keyFile), cert: readFileSync(tls.certFile) });
  const settings = { enableConnectProtocol: true };
  const server =
    scheme === "http"
      ? http.createServer(drainListener)
      : scheme === "https"
        ? https.createServer(pair(), drainListener)
        : scheme === "h2"
          ? http2.createSecureServer({ ...pair(), settings }, drainListener as never)
          : http2.createServer({ settings }, drainListener as never);
  return echoWebSockets(server, scheme);
}

/** Adds `/ws` to a server. */
export function echoWebSockets<S extends AnyServer>(server: S, scheme: Scheme): S {
  if (scheme === "h2" || scheme === "h2c") (server as http2.Http2Server).on("connect", echoStream);
  else new WebSocketServer({ server: server as http.Server }).on("connection", echo);
  return server;
}

/** Everything but `/ws`. */
export const drainListener: RequestListener = (request, response) => {
  switch (request.url) {
    case "/slow":
      setTimeout(() => response.end("slow"), slowMs);
      return;
    case "/stream":
      repeat(response, "part\n", () => response.end("end\n"));
      return;
    case "/events":
      response.writeHead(200, { "content-type": "text/event-stream" });
      repeat(response, "data: tick\n\n", undefined);
      return;
    default:
      response.end("ok");
  }
};

/** Writes a part every 100 ms, and at the end of `slowMs` calls `end`; without `end` it goes on for ever. */
function repeat(response: http.ServerResponse, part: string, end: (() => void) | undefined): void {
  const startMs = performance.now();
  response.write(part);
  const timer = setInterval(() => {
    if (end === undefined || performance.now() - startMs < slowMs) {
      response.write(part);
      return;
    }
    clearInterval(timer);
    end();
  }, 100);
  response.once("close", () => clearInterval(timer));
}

function echo(socket: import("ws").WebSocket): void {
  socket.on("message", (data, isBinary) => socket.send(data, { binary: isBinary }));
  socket.on("error", () => undefined);
}

/** Sends bytes back as they came. The test of RFC 8441 needs no more than that. */
function echoStream({ stream }: http2.Http2ServerRequest): void {
  stream.respond({ ":status": 200 });
  stream.on("error", () => undefined);
  stream.pipe(stream);
}
