import type { Server } from "node:http";
import type { Http2Server, ServerHttp2Session } from "node:http2";
import { SeaworthyError } from "@seaworthy/errors";
import type { AnyServer } from "../tap-server.ts";

/** How long a server waits for its clients. Times in milliseconds; 0 is no limit. */
export interface ServerLimits {
  /**
   * How long a connection is kept for its next request. It must be longer than any proxy in front keeps it (AWS's ALB: 60
   * seconds), or the proxy sends a request into a connection that is being closed and its client gets a 502. Default 75,000.
   */
  readonly keepAliveMs?: number;
  /** The longest that a request's head may take to arrive; the first counts from the connection's start. Default 15,000. */
  readonly headersTimeoutMs?: number;
  /**
   * The longest that a whole request may take to arrive. Not less than `headersTimeoutMs`. Default 300,000, which is Node's:
   * 100 MB at 3 Mbit/s take that long, and a shorter time would cut honest uploads.
   */
  readonly requestTimeoutMs?: number;
  /** How often the two timeouts are enforced, and so the most by which they come late. Default 5,000; Node's is 30,000. */
  readonly checkIntervalMs?: number;
  /** Streams at once on an HTTP/2 connection. Node sets no limit. 0 leaves what the server was made with. Default 250. */
  readonly maxConcurrentStreams?: number;
}

/**
 * How much longer than promised in `Keep-Alive: timeout=` an idle connection is kept, for a request that its client sent in
 * the last moment. Node's own second is short for a busy client far away.
 */
const keepAliveBufferMs = 2_000;

/**
 * Sets a server's limits. Call it before the server listens. Throws SW8001 when they contradict each other.
 *
 * Left alone on purpose: `timeout` (it would cut slow answers), `maxRequestsPerSocket` (it closes good connections), and
 * `maxHeadersCount`, because Node leaves out the headers beyond it without a word; the size of the head limits them as well,
 * and says 431. Options of the constructor, which nobody can set later, have good defaults in Node: `maxHeaderSize` (16 KiB),
 * TLS's `handshakeTimeout` (120 s), and for HTTP/2 `maxHeaderListPairs` (128), `maxSessionMemory` (10 MB),
 * `maxSessionInvalidFrames` (1,000), and `streamResetBurst` with `streamResetRate` (1,000 and 33 a second) against rapid reset.
 * https://nodejs.org/docs/latest-v24.x/api/http.html, https://nodejs.org/docs/latest-v24.x/api/http2.html
 */
export function applyLimits(server: AnyServer, limits: ServerLimits = {}): void {
  const { keepAliveMs = 75_000, headersTimeoutMs = 15_000, requestTimeoutMs = 300_000 } = limits;
  const { checkIntervalMs = 5_000, maxConcurrentStreams = 250 } = limits;
  for (const [field, value] of Object.entries(limits)) checkWhole(field, value);
  if (requestTimeoutMs > 0 && headersTimeoutMs > requestTimeoutMs) {
    throw new SeaworthyError("SW8001", `requestTimeoutMs cannot be ${requestTimeoutMs}`, {
      field: "requestTimeoutMs",
      why: `A request arrives no sooner than its head, which may take ${headersTimeoutMs} ms (headersTimeoutMs).`,
      next: [
        `set requestTimeoutMs to at least headersTimeoutMs, or headersTimeoutMs to at most ${requestTimeoutMs}`,
      ],
    });
  }
  if ("headersTimeout" in server) {
    server.keepAliveTimeout = keepAliveMs;
    server.keepAliveTimeoutBuffer = keepAliveBufferMs;
    server.headersTimeout = headersTimeoutMs;
    server.requestTimeout = requestTimeoutMs;
    // Node does not document this property, but reads it when the server begins to listen.
    (server as Server & { connectionsCheckingInterval: number }).connectionsCheckingInterval =
      checkIntervalMs;
  }
  if ("updateSettings" in server) limitHttp2(server, keepAliveMs, maxConcurrentStreams);
}

/** An HTTP/2 session has no timeouts of its own: a client that opens one and says nothing would keep it for ever. */
function limitHttp2(server: Http2Server, keepAliveMs: number, maxConcurrentStreams: number): void {
  if (maxConcurrentStreams > 0) server.updateSettings({ maxConcurrentStreams });
  if (keepAliveMs === 0) return;
  server.on("session", (session: ServerHttp2Session) => {
    // Sends GOAWAY. Streams that are open though silent go on to their end.
    session.setTimeout(keepAliveMs, () => session.close());
  });
}

function checkWhole(field: string, value: unknown): void {
  if (value === undefined || (Number.isInteger(value) && Number(value) >= 0 && Number(value) < 2 ** 31))
    return;
  throw new SeaworthyError("SW8001", `${field} cannot be ${String(value)}`, {
    field,
    why: "It takes a whole number, 0 or more; 0 is no limit.",
  });
}
