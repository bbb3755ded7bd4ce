import type { IncomingMessage, ServerResponse } from "node:http";
import type { Http2ServerRequest, Http2ServerResponse } from "node:http2";
import type { Connection } from "./lifecycle/connection.ts";
import type { TraceContext } from "./tracing/trace-context.ts";

/** A request as a server of `node:http`, `node:https` or `node:http2` hands it over. */
export type Request = IncomingMessage | Http2ServerRequest;
/** The answer to a `Request`. */
export type Response = ServerResponse | Http2ServerResponse;

/**
 * How an exchange ended: answered in full; given up by the client before that; cut by us because the time to drain was
 * over.
 */
export type ExchangeEnding = "complete" | "aborted" | "cut";

/** One request and its answer, from the request's head to the close of the answer. */
export class Exchange {
  readonly request: Request;
  readonly response: Response;
  readonly scheme: "http" | "https";
  readonly isHttp2: boolean;
  /** The target's path, without the query. */
  readonly path: string;
  /** On the clock of `performance.now()`. */
  readonly startMs: number;
  /** The server's event that brought the request. */
  event = "request";
  /** The connection that the request came on. Undefined: nobody follows the server's connections. */
  connection: Connection | undefined = undefined;
  /** The address of the connection's other end. */
  peer = "";
  /** The template of the route that answers, such as `/users/:id`. Undefined: no route matched. */
  route: string | undefined = undefined;
  /** The trace of the request: one that its headers name, or one that tracing began. */
  trace: TraceContext | undefined = undefined;
  /** Whether the library answers the request itself, as it does probes and scrapes. Such requests are no sign of traffic. */
  internal = false;
  /** How the exchange ended. Undefined until then. */
  ending: ExchangeEnding | undefined = undefined;
  /** The status that the client was sent past `response`, because its request could not be read to the end. */
  statusSent: number | undefined = undefined;
  /** The name of the exception that made the answer a failure, where it is known. */
  errorType: string | undefined = undefined;

  constructor(request: Request, response: Response, scheme: "http" | "https", startMs: number) {
    this.request = request;
    this.response = response;
    this.scheme = scheme;
    this.startMs = startMs;
    this.isHttp2 = isHttp2Request(request);
    this.path = pathOf(request.url ?? "/");
  }
}

/** Checks the version first, which is quick but not enough: HTTP/1.1's parser takes "GET / HTTP/2.0", too. */
export function isHttp2Request(request: Request): request is Http2ServerRequest {
  return request.httpVersionMajor === 2 && "stream" in request;
}

/** The target may be a whole URL as well: RFC 9112, section 3.2.2. */
function pathOf(url: string): string {
  const target = url.startsWith("/") ? url : url.replace(/^https?:\/\/[^/?]*/i, "");
  const query = target.indexOf("?");
  return (query < 0 ? target : target.slice(0, query)) || "/";
}

/**
 * The status that the client was sent. When there was none: 499 if the client gave the request up, as nginx has it, and
 * 503 if we cut it.
 */
export function statusOf({ response, ending, statusSent }: Exchange): number {
  if (statusSent !== undefined) return statusSent;
  if (response.headersSent || ending === "complete") return response.statusCode;
  return ending === "cut" ? 503 : 499;
}

/** Hears of every exchange. Called synchronously on the request's path: it must be quick and must not throw. */
export interface ExchangeObserver {
  begin?(exchange: Exchange): void;
  end?(exchange: Exchange, durationMs: number): void;
}

/**
 * May take an exchange over before the application sees it. True: it has answered, or will call `proceed` later, once,
 * and never after the answer's close. False: the exchange goes on at once.
 */
export type Gate = (exchange: Exchange, proceed: (exchange: Exchange) => void) => boolean;
