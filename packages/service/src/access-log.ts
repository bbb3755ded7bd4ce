import type { IncomingMessage, Server } from "node:http";
import { logToStdout, type LogEntry } from "./process-edge.ts";

/** What the access log does and does not write. */
export interface AccessLogOptions {
  /** Paths that get no line, such as those that probes ask every second. */
  readonly skipPaths?: readonly string[];
  /** Takes the client's address from X-Forwarded-For. Only behind a proxy that sets it: anyone can send that header. */
  readonly trustProxy?: boolean;
  readonly log?: (entry: LogEntry) => void;
  readonly now?: () => number;
}

/** Writes one line per request at its end: client, method, path without query, status, duration. */
export function logRequests(server: Server, options: AccessLogOptions = {}): void {
  const { skipPaths = [], trustProxy = false, log = logToStdout, now = () => performance.now() } = options;
  server.prependListener("request", (request, response) => {
    const path = (request.url ?? "/").split("?", 1)[0] ?? "/";
    if (skipPaths.includes(path)) return;
    const start = now();
    const client = clientAddress(request, trustProxy); // The socket forgets its peer once it is closed.
    response.once("close", () => {
      const complete = response.writableFinished;
      log({
        level: "info",
        msg: "request",
        client,
        method: request.method,
        path,
        status: response.statusCode,
        durationMs: Math.round((now() - start) * 1_000) / 1_000,
        ...(complete ? {} : { aborted: true }),
      });
    });
  });
}

function clientAddress(request: IncomingMessage, trustProxy: boolean): string {
  // A dual-stack socket shows an IPv4 peer as ::ffff:192.0.2.1.
  const peer = (request.socket.remoteAddress ?? "").replace(/^::ffff:(?=\d+\.)/, "");
  if (!trustProxy) return peer;
  // The last address is the one that the nearest proxy saw itself; those before it are hearsay.
  const forwarded = [request.headers["x-forwarded-for"] ?? []].flat().join(",").split(",").at(-1)?.trim();
  return forwarded === undefined || forwarded === "" ? peer : forwarded;
}
