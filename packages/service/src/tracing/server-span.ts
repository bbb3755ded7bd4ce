import type { Exchange } from "../exchange.ts";
import type { ClientAddress } from "../log/client-address.ts";

/** Options for the attributes of a server's span. */
export interface ServerSpanOptions {
  /** Methods that are named as they are; all others are `_OTHER`. */
  readonly knownMethods: ReadonlySet<string>;
  /** Records the query too, without the values of parameters that are signatures. */
  readonly recordQuery: boolean;
  readonly clientAddress: ClientAddress;
}

type Attributes = Record<string, string | number>;

/**
 * The attributes known when the head has come, as https://opentelemetry.io/docs/specs/semconv/http/http-spans/#http-server
 * names it.
 */
export function requestAttributes(exchange: Exchange, options: ServerSpanOptions): Attributes {
  const { request, path, scheme, peer } = exchange;
  const { headers, method = "", url = "", httpVersion } = request;
  const isKnown = options.knownMethods.has(method);
  const attributes: Attributes = {
    "http.request.method": isKnown ? method : "_OTHER",
    "url.path": path,
    "url.scheme": scheme,
    "network.protocol.version": httpVersion === "2.0" ? "2" : httpVersion,
  };
  if (!isKnown) attributes["http.request.method_original"] = method;
  if (options.recordQuery && url.length > path.length) {
    attributes["url.query"] = url.slice(path.length + 1).replace(signatures, "$1=REDACTED");
  }
  const authority = headers[":authority"] ?? headers.host ?? "";
  const [, address, port] = authorityPattern.exec(String(authority)) ?? [];
  if (address !== undefined) attributes["server.address"] = address;
  if (port !== undefined) attributes["server.port"] = Number(port);
  const client = options.clientAddress(peer, headers["x-forwarded-for"]?.toString());
  if (client !== "") attributes["client.address"] = client;
  const userAgent = headers["user-agent"];
  if (userAgent !== undefined) attributes["user_agent.original"] = userAgent;
  return attributes;
}

/**
 * The attributes known when the answer has closed. A client that went away is no error of the server, because every
 * event stream ends in this way.
 */
export function responseAttributes({ response, route, ending, errorType }: Exchange): Attributes {
  const attributes: Attributes = {};
  if (route !== undefined) attributes["http.route"] = route;
  if (response.headersSent) attributes["http.response.status_code"] = response.statusCode;
  if (errorType !== undefined) attributes["error.type"] = errorType;
  else if (ending === "cut") attributes["error.type"] = "cut";
  else if (response.statusCode >= 500) attributes["error.type"] = String(response.statusCode);
  return attributes;
}

/** Whether the span's status is an error: the server failed, or did not finish its answer. */
export function isServerError({ response, ending }: Exchange): boolean {
  return response.statusCode >= 500 || ending === "cut";
}

/** `{method} {route}`, or the method alone where no route matched. A path is never part of it. */
export function spanName({ request, route }: Exchange, knownMethods: ReadonlySet<string>): string {
  const { method = "" } = request;
  const name = knownMethods.has(method) ? method : "HTTP";
  return route === undefined ? name : `${name} ${route}`;
}

/** Query parameters whose values give access; the names are those that the conventions list. */
const signatures = /(?<=^|&)(AWSAccessKeyId|Signature|sig|X-Goog-Signature|X-Amz-Signature)=[^&]*/gi;

/** A host, which may be an IPv6 address in brackets, and a port. */
const authorityPattern = /^(\[[\da-f:.]+\]|[^:@/\s]+)(?::(\d{1,5}))?$/i;
