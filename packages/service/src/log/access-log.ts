import { type Exchange, statusOf } from "../exchange.ts";
import type { ClientAddress } from "./client-address.ts";
import type { ServiceLogger } from "./create-logger.ts";
import { levelNumbers, linePrefix } from "./line-log.ts";

/** What the access log does and does not write. */
export interface AccessLogOptions {
  readonly clientAddress: ClientAddress;
  /** The share of successful probes that get a line, from 0 to 1. Those that fail always do. */
  readonly probeShare: number;
  /** Whether the query is written. Secrets travel in queries. */
  readonly withQuery: boolean;
  readonly random: () => number;
  readonly clock: () => number;
}

/** Writes one line for an exchange that has ended. `bytes` is what went out for it, where that is known. */
export type AccessLog = (exchange: Exchange, durationMs: number, bytes: number | undefined) => void;

/**
 * One line per request, at its end, in the shape of pino's lines. The text is put together here, without an object on the
 * way, because this runs for every request.
 */
export function createAccessLog(logger: ServiceLogger, options: AccessLogOptions): AccessLog {
  const { clientAddress, probeShare, withQuery, random, clock } = options;
  const { destination } = logger;
  const head = `,${linePrefix},"msg":"request","client":`;
  let lastTimeMs = NaN;
  let start = "";

  /** The millisecond changes less often than requests come. */
  function lineStart(): string {
    const timeMs = clock();
    if (timeMs !== lastTimeMs) {
      lastTimeMs = timeMs;
      start = `{"level":30,"time":${timeMs}${head}`;
    }
    return start;
  }

  return (exchange, durationMs, bytes) => {
    const { request, route, trace, ending } = exchange;
    const status = statusOf(exchange);
    if (exchange.internal && status < 400 && (probeShare === 0 || random() >= probeShare)) return;
    if (!logger.isEnabled(levelNumbers.info)) return;
    const client = clientAddress(exchange.peer, request.headers["x-forwarded-for"] as string | undefined);
    let line = `${lineStart()}${quote(client)},"method":"${request.method}","path":${quote(withQuery ? (request.url ?? "") : exchange.path)}`;
    if (route !== undefined) line += `,"route":${quoteRoute(route)}`;
    line += `,"status":${status}`;
    if (bytes !== undefined) line += `,"bytes":${bytes}`;
    line += `,"durationMs":${Math.round(durationMs * 1_000) / 1_000},"protocol":"${request.httpVersion}"`;
    if (trace !== undefined) line += `,"traceId":"${trace.traceId}"`;
    if (ending !== "complete") line += `,"ending":"${ending}"`;
    destination.write(`${line}}\n`);
  };
}

/** Routes are few, and the same again and again. */
const mostQuoted = 1_000;
const quotedRoutes = new Map<string, string>();

function quoteRoute(route: string): string {
  const known = quotedRoutes.get(route);
  if (known !== undefined) return known;
  const quoted = quote(route);
  if (quotedRoutes.size < mostQuoted) quotedRoutes.set(route, quoted);
  return quoted;
}

const plainText = /^[\x20\x21\x23-\x5b\x5d-\x7e]*$/;

/** JSON text; most values need no escape. */
function quote(text: string): string {
  return plainText.test(text) ? `"${text}"` : JSON.stringify(text);
}
