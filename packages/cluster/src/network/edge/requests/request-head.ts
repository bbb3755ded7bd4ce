import type { IncomingHttpHeaders } from "node:http";
import { inChunks, isToken } from "@seaworthy/load";

/** What the head of a request in HTTP/1.1 says. Requests with the same head may share one. */
export interface RequestHead {
  readonly method: string;
  readonly target: string;
  /** "" when it names none, which only HTTP/1.0 allows. */
  readonly host: string;
  /** By lower-case names; the values of a repeated one are joined. */
  readonly headers: IncomingHttpHeaders;
  /** Names and values in turn, as they came. */
  readonly rawHeaders: readonly string[];
  /** Bytes of the body, or {@link inChunks}. */
  readonly bodyLength: number;
  /** Whether it is HTTP/1.0, whose clients know no chunks. */
  readonly isOld: boolean;
  /** Whether the connection may carry another request after this one. */
  readonly keepAlive: boolean;
  /** Whether the client waits for `100 Continue` before it sends the body. */
  readonly awaitsContinue: boolean;
  /** Whether the client wants to speak another protocol from here on. */
  readonly upgrades: boolean;
}

/** The status that a head is refused with. */
export type Refusal = 400 | 417;

/**
 * Reads a head from its request line to the empty line, each byte as one character. It is as strict as RFC 9112 allows: what
 * could be read in two ways is refused, because the pod may read it the other way.
 */
export function readRequestHead(text: string): RequestHead | Refusal {
  const lineEnd = text.indexOf("\r\n");
  const [, method = "", target = "", minor] = requestLine.exec(text.slice(0, lineEnd)) ?? [];
  const rawHeaders = linesOf(text, lineEnd + 2);
  // Nobody tunnels through here.
  if (minor === undefined || rawHeaders === undefined || method === "CONNECT") return 400;
  const isOld = minor === "0";
  const headers = named(rawHeaders);
  const { host, expect, connection, upgrade } = headers;
  const bodyLength = lengthOf(headers, isOld);
  // A second Host makes a list, which is no name of a host (section 3.2).
  if (bodyLength === undefined || (host === undefined ? !isOld : host.includes(","))) return 400;
  const awaitsContinue = expect?.toLowerCase() === "100-continue";
  if (expect !== undefined && !awaitsContinue) return 417;
  const options = (connection ?? "").toLowerCase().split(",").map(withoutBlanks);
  return {
    method,
    target,
    host: host ?? "",
    headers,
    rawHeaders,
    bodyLength,
    isOld,
    keepAlive: isOld ? options.includes("keep-alive") : !options.includes("close"),
    awaitsContinue: awaitsContinue && !isOld,
    upgrades: upgrade !== undefined && options.includes("upgrade"),
  };
}

const requestLine = /^([!#$%&'*+\-.^_`|~0-9A-Za-z]+) ([!-~]+) HTTP\/1\.([01])$/;
const unreadable = /[^\t\u0020-\u007e\u0080-\u00ff]/;
const mostHeaders = 1_000;

/** The fields from an offset on; undefined when one of them is malformed. */
function linesOf(text: string, start: number): string[] | undefined {
  const raw: string[] = [];
  let from = start;
  while (from < text.length - 2) {
    const to = text.indexOf("\r\n", from);
    const colon = text.indexOf(":", from);
    if (colon < 0 || colon > to || raw.length >= 2 * mostHeaders) return undefined;
    const name = text.slice(from, colon);
    const value = withoutBlanks(text.slice(colon + 1, to));
    if (!isToken(name) || unreadable.test(value)) return undefined;
    raw.push(name, value);
    from = to + 2;
  }
  return raw;
}

function named(raw: readonly string[]): IncomingHttpHeaders {
  const headers: Record<string, string> = Object.create(null);
  for (let index = 0; index + 1 < raw.length; index += 2) {
    const name = (raw[index] as string).toLowerCase();
    const value = raw[index + 1] as string;
    const before = headers[name];
    // Cookies are one list by a separator of their own (RFC 6265 section 5.4).
    headers[name] = before === undefined ? value : `${before}${name === "cookie" ? ";" : ","} ${value}`;
  }
  return headers;
}

/** The body's length (section 6.3); undefined when it is not clear. */
function lengthOf(headers: IncomingHttpHeaders, isOld: boolean): number | undefined {
  const { "content-length": length, "transfer-encoding": coding } = headers;
  if (coding !== undefined)
    return length === undefined && !isOld && coding.toLowerCase() === "chunked" ? inChunks : undefined;
  if (length === undefined) return 0;
  // 15 digits are less than 2^53.
  return /^\d{1,15}$/.test(length) ? Number(length) : undefined;
}

/** `trim` would take more than HTTP's own white space. */
function withoutBlanks(text: string): string {
  return text.replaceAll(/^[ \t]+|[ \t]+$/g, "");
}
