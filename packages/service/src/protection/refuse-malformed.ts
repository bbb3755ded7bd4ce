import type { IncomingMessage } from "node:http";
import type { Http2ServerRequest } from "node:http2";
import type { Exchange } from "../exchange.ts";
import { answerProblem, type Problem } from "./answer-problem.ts";

/**
 * Refuses requests that Node's parsers accept against the specifications. Two readers of such a request can disagree about
 * its host, its end or its version, so that the second answers another request than the first has forwarded. The refusal
 * ends the connection. True: the request was refused.
 */
export function refuseMalformed(exchange: Exchange): boolean {
  const { isHttp2, request } = exchange;
  const problem = isHttp2
    ? http2Problem(request as Http2ServerRequest)
    : http1Problem(request as IncomingMessage);
  if (problem === undefined) return false;
  answerProblem(exchange, { ...problem, close: true });
  return true;
}

function http1Problem(request: IncomingMessage): Problem | undefined {
  const { headers, rawHeaders, httpVersionMajor, httpVersionMinor, url, method } = request;
  // RFC 9110, section 15.6.6. Node takes HTTP/2.0 and HTTP/0.9 in this form, and then asks for no host.
  if (httpVersionMajor !== 1) return { status: 505, title: "HTTP/1.1 is spoken here" };
  const coding = headers["transfer-encoding"];
  if (coding !== undefined && (coding !== "chunked" || httpVersionMinor === 0))
    return codingProblem(coding, httpVersionMinor);
  if (url?.startsWith("/") !== true && !isTarget(url, method)) return badTarget;
  const { host } = headers;
  if (host === undefined) return httpVersionMinor === 0 ? undefined : badHost;
  if (host !== lastValidHost) {
    if (!validHost.test(host)) return badHost;
    lastValidHost = host;
  }
  // Node keeps the first Host and leaves out the others.
  return countHosts(rawHeaders) > 1 ? badHost : undefined;
}

/** RFC 9112, sections 6.1 and 6.3. Nobody knows where the body ends, so the answer does not wait for the end. */
function codingProblem(coding: string, httpVersionMinor: number): Problem | undefined {
  const endless = true;
  if (httpVersionMinor === 0) return { status: 400, title: "HTTP/1.0 has no Transfer-Encoding", endless };
  const codings = coding.toLowerCase();
  if (codings === "chunked") return undefined;
  if (!/,[ \t]*chunked$/.test(codings))
    return { status: 400, title: "chunked must be the last coding", endless };
  return { status: 501, title: "chunked is the only transfer coding here", endless };
}

/** RFC 9113, section 8.3.1. */
function http2Problem({ headers }: Http2ServerRequest): Problem | undefined {
  const { host } = headers;
  const authority = headers[":authority"];
  return host === undefined || authority === undefined || host === authority ? undefined : badHost;
}

/** RFC 9112, section 3.2. */
const badHost: Problem = { status: 400, title: "there must be one valid Host" };
/** RFC 9110, section 7.2, with the hosts of RFC 3986, section 3.2.2. An IPv6 address may bring its zone. */
const validHost = /^(?:\[[\w.~!$&'()*+,;=:%-]+\]|(?:[\w.~!$&'()*+,;=-]|%[\da-f]{2})*)(?::\d*)?$/i;
/** The last valid Host, because nearly all requests have the same one. */
let lastValidHost = "";

/** RFC 9112, section 3.2. A user or no host at all is refused as RFC 9110, sections 4.2.1 and 4.2.4 have it. */
const badTarget: Problem = { status: 400, title: "the target is not a path" };
const absoluteForm = /^https?:\/\/[^/?#@]+(?:[/?]|$)/i;

function isTarget(url = "", method = ""): boolean {
  return url === "*" ? method === "OPTIONS" : absoluteForm.test(url);
}

function countHosts(rawHeaders: readonly string[]): number {
  let hosts = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? "";
    if (name.length === 4 && (name === "Host" || name.toLowerCase() === "host")) hosts += 1;
  }
  return hosts;
}
