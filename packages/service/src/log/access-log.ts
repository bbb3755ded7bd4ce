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
    const target = quote(withQuery ? (request.url ?? "") : exchange.path);
    const routePart = route === undefined ? "" : routeField(route);
    const bytesPart = bytes === undefined ? "" : `,"bytes":${bytes}`;
    const tracePart = trace === undefined ? "" : `,"traceId":"${trace.traceId}"`;
    const endingPart = ending === "complete" ? "" : `,"ending":"${ending}"`;
    destination.write(
      `${lineStart()}${quote(client)},"method":"${request.method}","path":${target}${routePart},"status":${status}${bytesPart},"durationMs":${milliseconds(durationMs)},"protocol":"${request.httpVersion}"${tracePart}${endingPart}}\n`,
    );
  };
}

/** With three digits after the point. Whole numbers become text much faster than others do. */
function milliseconds(durationMs: number): string {
  const microseconds = Math.round(durationMs * 1_000);
  return `${Math.floor(microseconds / 1_000)}.${thousandths[microseconds % 1_000]}`;
}

const thousandths = Array.from({ length: 1_000 }, (_, value) => String(value).padStart(3, "0"));

/** Routes are few, and the same again and again. */
const mostKept = 1_000;
const routeFields = new Map<string, string>();

function routeField(route: string): string {
  const known = routeFields.get(route);
  if (known !== undefined) return known;
  const field = `,"route":${quote(route)}`;
  if (routeFields.size < mostKept) routeFields.set(route, field);
  return field;
}

const plainText = /^[\x20\x21\x23-\x5b\x5d-\x7e]*$/;

/** JSON text; most values need no escape. */
function quote(text: string): string {
  return plainText.test(text) ? `"${text}"` : JSON.stringify(text);
}
