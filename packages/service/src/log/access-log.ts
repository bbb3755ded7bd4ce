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
  let nextStartMs = -Infinity;
  let start = "";

  /** Good for a millisecond, in which many requests may end. */
  function lineStart(nowMs: number): string {
    if (nowMs >= nextStartMs) {
      nextStartMs = nowMs + 1;
      start = `{"level":30,"time":${clock()}${head}`;
    }
    return start;
  }

  return (exchange, durationMs, bytes) => {
    const { request, route, trace, ending, peer } = exchange;
    const status = statusOf(exchange);
    if (exchange.internal && status < 400 && (probeShare === 0 || random() >= probeShare)) return;
    if (!logger.isEnabled(levelNumbers.info)) return;
    const client = clientAddress(peer, request.headers["x-forwarded-for"] as string | undefined);
    const microseconds = Math.round(durationMs * 1_000);
    const target = quote(withQuery ? (request.url ?? "") : exchange.path);
    let line = `${lineStart(exchange.startMs + durationMs)}${quote(client)},"method":"${request.method}","path":${target}`;
    if (route !== undefined) line += routeField(route);
    line += statusFields[status] ?? statusField(status);
    if (bytes !== undefined) line += `,"bytes":${bytes}`;
    // With three digits after the point: whole numbers become text much faster than others do.
    line += `,"durationMs":${Math.floor(microseconds / 1_000)}${thousandths[microseconds % 1_000]}`;
    line += request.httpVersion === "1.1" ? http11Field : `,"protocol":"${request.httpVersion}"`;
    if (trace !== undefined) line += `,"traceId":"${trace.traceId}"`;
    if (ending !== "complete") line += `,"ending":"${ending}"`;
    destination.write(`${line}}\n`);
  };
}

const statusField = (status: number): string => `,"status":${status}`;
const statusFields = Array.from({ length: 600 }, (_, status) => statusField(status));
const thousandths = Array.from({ length: 1_000 }, (_, value) => `.${String(value).padStart(3, "0")}`);
const http11Field = ',"protocol":"1.1"';

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

/** JSON text; most values need no escape. A loop tells sooner than a regular expression: they are short. */
function quote(text: string): string {
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code < 0x20 || code > 0x7e || code === 0x22 || code === 0x5c) return JSON.stringify(text);
  }
  return `"${text}"`;
}
