import type { IncomingHttpHeaders } from "node:http";

/**
 * The request headers that an answer repeats. A header that could mislead whoever reads the answer is not repeated; the
 * lists below say which those are and why. Left out, too, are headers whose name or value could not be sent, headers that
 * `Connection` names, and all beyond 3 KiB in sum, because the proxies in front read an answer's head into a buffer of 4 KiB
 * (ingress-nginx's proxy-buffer-size) and answer 502 when it does not fit.
 */
export function echoedHeaders(headers: IncomingHttpHeaders): [name: string, value: string | string[]][] {
  const forThisHop = namesIn(headers.connection);
  const echoed: [string, string | string[]][] = [];
  let room = maxEchoedChars;
  for (const name in headers) {
    const value = headers[name];
    if (typeof value !== "string" || !isEchoed(name) || forThisHop?.has(name) || !sendable.test(value))
      continue;
    room -= name.length + value.length + separatorChars;
    if (room < 0) break;
    echoed.push([name, value]);
  }
  return echoed;
}

const maxEchoedChars = 3 * 1024;
/** A colon, a space and the end of the line. */
const separatorChars = 4;

/** Headers of one connection: RFC 9110, section 7.6.1. */
const hopByHop = [
  "connection",
  "http2-settings",
  "keep-alive",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
];

/** Headers that say who the client is, or prove it. */
const credentials = ["authorization", "cookie", "set-cookie", "set-cookie2"];

/** Headers that are true of the request, or of another answer, but not of this one. Caches, clients and proxies act on them. */
const untrue = [
  "accept-ranges",
  "age",
  "allow",
  "authentication-info",
  "cache-control",
  "date",
  "delta-base",
  "etag",
  "expect",
  "expires",
  "host",
  "im",
  "last-modified",
  "location",
  "pragma",
  "preference-applied",
  "refresh",
  "retry-after",
  "server",
  "status",
  "vary",
  "via",
  "warning",
  "www-authenticate",
  "x-powered-by",
];

/** Headers that a browser would take for a rule of this origin, or a place to report to. */
const browserRules = [
  "accept-ch",
  "activate-storage-access",
  "alt-svc",
  "critical-ch",
  "expect-ct",
  "feature-policy",
  "integrity-policy",
  "integrity-policy-report-only",
  "link",
  "nel",
  "no-vary-search",
  "origin-agent-cluster",
  "p3p",
  "permissions-policy",
  "referrer-policy",
  "report-to",
  "reporting-endpoints",
  "server-timing",
  "service-worker-allowed",
  "set-login",
  "sourcemap",
  "speculation-rules",
  "supports-loading-mode",
  "timing-allow-origin",
  "tk",
  "use-as-dictionary",
  "x-content-type-options",
  "x-dns-prefetch-control",
  "x-download-options",
  "x-frame-options",
  "x-robots-tag",
  "x-sourcemap",
  "x-ua-compatible",
  "x-xss-protection",
];

/** Headers that proxies in front would obey, or have sent to us and not to the client; and those of this service itself. */
const proxiesAndOurs = ["forwarded", "version", "x-pod-name", "x-real-ip", "x-sendfile"];

/** The names, in lower case, that are never repeated; families of names are below. */
export const neverEchoed: ReadonlySet<string> = new Set([
  ...hopByHop,
  ...credentials,
  ...untrue,
  ...browserRules,
  ...proxiesAndOurs,
]);

/**
 * Families of such names: of the body (`content-`, with Content-Security-Policy), of a browser's rules (from
 * `access-control-` to `strict-transport-`), of proxies (from `cdn-` to `x-varnish-`; Envoy takes a host out of service
 * that answers with `x-envoy-immediate-health-check-fail`), of gRPC's status, and of Seaworthy itself.
 */
const neverPrefixed =
  /^(access-control-|attribution-reporting-|clear-site-|content-|cross-origin-|document-policy|origin-trial|public-key-|sec-|strict-transport-|x-permitted-|cdn-|cf-|cloudflare-|proxy-|ratelimit|surrogate-|x-accel-|x-cache|x-envoy-|x-forwarded-|x-lighttpd-|x-litespeed-|x-ratelimit-|x-varnish|grpc-|x-seaworthy-)/;

/** RFC 9110, section 5.1: a token. It leaves out HTTP/2's `:path` and the like. */
const token = /^[!#$%&'*+.^`|~\w-]+$/;
/** RFC 9110, section 5.5, as Node sends it: visible Latin-1, space and tab. */
const sendable = /^[\t\x20-\x7e\x80-\xff]*$/;

// Clients send the same few names again and again, so what was decided is kept, up to a limit.
const decided = new Map<string, boolean>();
const maxDecided = 1_000;

function isEchoed(name: string): boolean {
  const known = decided.get(name);
  if (known !== undefined) return known;
  const echoed = token.test(name) && !neverEchoed.has(name) && !neverPrefixed.test(name);
  if (decided.size < maxDecided) decided.set(name, echoed);
  return echoed;
}

function namesIn(connection: string | undefined): ReadonlySet<string> | undefined {
  if (connection === undefined || connection === "close" || connection === "keep-alive") return undefined;
  return new Set(connection.split(",").map((name) => name.trim().toLowerCase()));
}
