import type { IncomingMessage, Server as HttpServer, ServerResponse } from "node:http";
import type { Http2SecureServer, Http2Server } from "node:http2";
import type { Server as HttpsServer } from "node:https";
import tls from "node:tls";
import { Exchange, isHttp2Request, type Request, type Response } from "./exchange.ts";

/** A server that the library can look after. */
export type AnyServer = HttpServer | HttpsServer | Http2Server | Http2SecureServer;

/** Stands between a server and the application: hears of each exchange first, and lets it go on. */
export interface Tap {
  /** Whether the connection still takes requests. Called before `begin`; a request that comes too late is dropped. */
  takes?(request: Request): boolean;
  /** A request's head has come. The application sees it when it is handed over, which may be at once. */
  begin(exchange: Exchange): void;
  /** The answer has closed, in full or not. */
  end(exchange: Exchange): void;
  /** A socket has left HTTP for WebSocket or a tunnel. */
  upgraded(request: IncomingMessage): void;
}

const exchangeKey = Symbol("exchange");
type Marked = Request & { [exchangeKey]?: Exchange };

/**
 * Puts a tap before all `request` listeners of a server, those that are there and those to come. It overrides `emit`,
 * because a listener of its own could neither hold a request back nor answer in the application's place. Returns the
 * function that hands an exchange over to the application: one for all, because it is on every request's path.
 */
export function tapServer(server: AnyServer, tap: Tap, now: () => number): (exchange: Exchange) => void {
  const emit = server.emit as (event: string, ...args: unknown[]) => boolean;
  const scheme = server instanceof tls.Server ? "https" : "http";

  function onClose(this: Response): void {
    const exchange = exchangeOf(this.req);
    if (exchange !== undefined) tap.end(exchange);
  }

  function tapped(this: AnyServer, event: string, ...args: unknown[]): boolean {
    if (event === "request" || event === "checkContinue" || event === "checkExpectation") {
      const request = args[0] as Marked;
      const response = args[1] as ServerResponse;
      // With no listener for checkContinue, node:http2 emits the same request again as `request`.
      if (request[exchangeKey] !== undefined) return emit.call(this, event, request, response);
      if (tap.takes?.(request) === false) return true;
      const exchange = new Exchange(request, response, scheme, now());
      if (event !== "request") exchange.event = event;
      request[exchangeKey] = exchange;
      response.on("close", onClose);
      tap.begin(exchange);
      return true;
    }
    if (event === "upgrade" || event === "connect") {
      // Over HTTP/2 a tunnel takes one stream, and the connection goes on.
      if (!isHttp2Request(args[0] as Request)) tap.upgraded(args[0] as IncomingMessage);
    }
    return emit.call(this, event, ...args);
  }
  server.emit = tapped as typeof server.emit;
  return ({ event, request, response }) => void emit.call(server, event, request, response);
}

/** The exchange that a request begins, on a tapped server. */
export function exchangeOf(request: Request): Exchange | undefined {
  return (request as Marked)[exchangeKey];
}

/**
 * Says which route answers a request, by its template, such as `/users/:id`: for metrics, log and traces. Frameworks
 * know the route, and Node does not. Undefined: no route matched.
 */
export function setRoute(request: Request, route: string | undefined): void {
  const exchange = exchangeOf(request);
  if (exchange !== undefined) exchange.route = route;
}
