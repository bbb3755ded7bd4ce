import type { Server, ServerResponse } from "node:http";
import type { ExchangeObserver } from "../exchange.ts";
import type { ConnectionSet } from "../lifecycle/connection-set.ts";

/** The longest time between two looks at all connections, and so the most by which one is ended late. */
const mostBetweenMs = 1_000;

/** Not in Node's documentation: the time in an answer's `Keep-Alive: timeout=`, in milliseconds. */
type HintingResponse = ServerResponse & { _keepAliveTimeout: number };

/**
 * Replaces a server's `keepAliveTimeout`: ends HTTP/1.1 connections that have waited so long for their next request, and tells
 * clients beforehand how long that is. Node sets a timer after each answer and clears it at the next request, which is a
 * twentieth of the cost of a small answer (bench/README.md); a look at all connections now and then is enough.
 */
export function takeOverKeepAlive(connections: ConnectionSet): ExchangeObserver {
  const { keepAliveTimeout = 0, keepAliveTimeoutBuffer } = connections.server as Server;
  if (keepAliveTimeout === 0) return {};
  const server = Object.assign(connections.server, { keepAliveTimeout: 0 });
  // Runs in the check phase: by then the event loop has seen the requests that have come meanwhile.
  const endIdle = () => connections.endIdle(keepAliveTimeout + keepAliveTimeoutBuffer);
  const everyMs = Math.min(keepAliveTimeout / 4, mostBetweenMs);
  const timer = setInterval(() => setImmediate(endIdle), everyMs).unref();
  server.once("close", () => clearInterval(timer));
  return {
    begin({ isHttp2, response }) {
      if (!isHttp2) (response as HintingResponse)._keepAliveTimeout = keepAliveTimeout;
    },
  };
}
