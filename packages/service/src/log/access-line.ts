import type { ExchangeEnding } from "../exchange.ts";
import { linePrefix } from "./line-log.ts";

/** The fields of one exchange in the access log. */
export interface AccessFields {
  /** When the exchange ended, in milliseconds since the epoch. */
  readonly time: number;
  readonly client: string;
  readonly method: string;
  readonly path: string;
  readonly route: string | undefined;
  readonly status: number;
  readonly bytes: number | undefined;
  readonly durationMs: number;
  readonly protocol: string;
  readonly traceId: string | undefined;
  readonly ending: ExchangeEnding;
}

/** One line in the shape of pino's, put together without an object on the way, because there is one for every request. */
export function accessLine(fields: AccessFields): string {
  const { time, client, method, path, route, status, bytes, durationMs, protocol, traceId, ending } = fields;
  const microseconds = Math.round(durationMs * 1_000);
  let line = `{"level":30,"time":${time},${linePrefix},"msg":"request","client":${quote(client)},"method":"${method}","path":${quote(path)}`;
  if (route !== undefined) line += routeField(route);
  line += statusFields[status] ?? statusField(status);
  if (bytes !== undefined) line += `,"bytes":${bytes}`;
  // Three digits after the point, made of whole numbers, which become text much faster than fractions do.
  line += `,"durationMs":${Math.floor(microseconds / 1_000)}${thousandths[microseconds % 1_000]}`;
  line += protocol === "1.1" ? http11Field : `,"protocol":"${protocol}"`;
  if (traceId !== undefined) line += `,"traceId":"${traceId}"`;
  if (ending !== "complete") line += `,"ending":"${ending}"`;
  return `${line}}\n`;
}

const statusField = (status: number): string => `,"status":${status}`;
const statusFields = Array.from({ length: 600 }, (_, status) => statusField(status));
const thousandths = Array.from({ length: 1_000 }, (_, value) => `.${String(value).padStart(3, "0")}`);
const http11Field = ',"protocol":"1.1"';

/** The most routes whose field is kept. Routes are few, and the same ones come again and again. */
const mostKept = 1_000;
const routeFields = new Map<string, string>();

function routeField(route: string): string {
  const known = routeFields.get(route);
  if (known !== undefined) return known;
  const field = `,"route":${quote(route)}`;
  if (routeFields.size < mostKept) routeFields.set(route, field);
  return field;
}

/** A text as JSON. Most values need no escape and are short, so that a loop finds out sooner than a regular expression. */
function quote(text: string): string {
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code < 0x20 || code > 0x7e || code === 0x22 || code === 0x5c) return JSON.stringify(text);
  }
  return `"${text}"`;
}
