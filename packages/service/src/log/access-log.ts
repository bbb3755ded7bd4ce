import { type Exchange, statusOf } from "../exchange.ts";
import { accessLine } from "./access-line.ts";
import type { ClientAddress } from "./client-address.ts";
import type { ServiceLogger } from "./create-logger.ts";
import { levelNumbers } from "./line-log.ts";

/** What the access log writes and leaves out. */
export interface AccessLogOptions {
  readonly clientAddress: ClientAddress;
  /** The share of successful probes that get a line, from 0 to 1. Failed probes always get one. */
  readonly probeShare: number;
  /** Whether the query is written. Secrets travel in queries. */
  readonly withQuery: boolean;
  readonly random: () => number;
  readonly clock: () => number;
}

/** Writes one line for an exchange that has ended. `bytes` is the number of bytes sent for it, where known. */
export type AccessLog = (exchange: Exchange, durationMs: number, bytes: number | undefined) => void;

/** One line per request, at its end. */
export function createAccessLog(logger: ServiceLogger, options: AccessLogOptions): AccessLog {
  const { clientAddress, probeShare, withQuery, random, clock } = options;
  const { destination } = logger;
  let nextLookMs = -Infinity;
  let time = 0;

  /** Reads the clock at most once in a millisecond, because many requests may end in one. */
  function timeAt(nowMs: number): number {
    if (nowMs >= nextLookMs) {
      nextLookMs = nowMs + 1;
      time = clock();
    }
    return time;
  }

  return (exchange, durationMs, bytes) => {
    const { request, route, trace, ending = "complete", peer } = exchange;
    const status = statusOf(exchange);
    if (exchange.internal && status < 400 && (probeShare === 0 || random() >= probeShare)) return;
    if (!logger.isEnabled(levelNumbers.info)) return;
    const fields = {
      time: timeAt(exchange.startMs + durationMs),
      client: clientAddress(peer, request.headers["x-forwarded-for"] as string | undefined),
      method: request.method ?? "",
      path: withQuery ? (request.url ?? "") : exchange.path,
      route,
      status,
      bytes,
      durationMs,
      protocol: request.httpVersion,
      traceId: trace?.traceId,
      ending,
    };
    if (destination.writeLater === undefined) destination.write(accessLine(fields));
    else destination.writeLater(fields, accessLine);
  };
}
