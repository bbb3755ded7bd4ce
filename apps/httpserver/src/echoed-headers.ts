import type { IncomingHttpHeaders } from "node:http";

/** Headers that belong to one connection: RFC 9110, section 7.6.1. */
const hopByHop = [
  "connection",
  "keep-alive",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
];

/** Headers that say something of the request which would be untrue of, or unsafe in, an answer. */
const requestOnly = [
  "host",
  "expect",
  "authorization",
  "cookie",
  "set-cookie",
  "set-cookie2",
  "proxy-authenticate",
  "proxy-authorization",
  "location",
  "refresh",
  "date",
  "server",
];

const never = new Set([...hopByHop, ...requestOnly]);

/** The request headers that the answer repeats: none of the connection's, the body's, or the browser's rules. */
export function echoedHeaders(headers: IncomingHttpHeaders): [name: string, value: string | string[]][] {
  // A header that Connection names is for this hop as well.
  const named = new Set((headers.connection ?? "").split(",").map((name) => name.trim().toLowerCase()));
  const echoed: [string, string | string[]][] = [];
  for (const [name, value] of Object.entries(headers)) {
    if (value === undefined || never.has(name) || named.has(name)) continue;
    // content-* describe the request's body; access-control-* and the like would open this origin to others.
    if (/^(content-|access-control-|cross-origin-|strict-transport-|clear-site-)/.test(name)) continue;
    echoed.push([name, value]);
  }
  return echoed;
}
