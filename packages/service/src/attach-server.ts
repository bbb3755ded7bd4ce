import type { Http2ServerRequest } from "node:http2";
import type { Exchange, ExchangeObserver, Gate } from "./exchange.ts";
import { expressRoute } from "./frameworks/express-route.ts";
import type { ConnectionSet } from "./lifecycle/connection-set.ts";
import type { AccessLog } from "./log/access-log.ts";
import { answerParseErrors } from "./protection/answer-parse-errors.ts";
import { refuseMalformed } from "./protection/refuse-malformed.ts";
import { type AnyServer, tapServer } from "./tap-server.ts";

/** The parts between a server and the application, in the order in which a request passes them. */
export interface AttachedParts {
  readonly connections: ConnectionSet;
  /** The route under which the library itself answers a path. Undefined: the application answers. */
  readonly internalRoute: (path: string) => string | undefined;
  readonly answerInternal: (exchange: Exchange) => void;
  /** Called for each request that is no probe or scrape. */
  readonly count: () => void;
  readonly observers: readonly ExchangeObserver[];
  readonly gates: readonly Gate[];
  readonly accessLog: AccessLog | undefined;
  /** Calls the application, in the context of the exchange's trace. */
  readonly run: (exchange: Exchange, proceed: (exchange: Exchange) => void) => void;
  readonly now: () => number;
}

/** Leads every request of a server past the library, and then to the application. */
export function attachServer(server: AnyServer, parts: AttachedParts): void {
  const { connections, internalRoute, answerInternal, count, observers, gates, accessLog, run, now } = parts;
  // When Node refuses a request without Host, it serves on what is pipelined behind. refuseMalformed ends the connection.
  Object.assign(server, { requireHostHeader: false });
  answerParseErrors(server, (socket) => connections.exchangesOn(socket));
  const begins = observers.flatMap(({ begin = [] }) => begin);
  const ends = observers.flatMap(({ end = [] }) => end);
  const enter = (exchange: Exchange): void => run(exchange, proceed);
  const proceed = tapServer(
    server,
    {
      takes: (request) => connections.takes(request),
      begin(exchange) {
        const internal = internalRoute(exchange.path);
        if (internal !== undefined) {
          exchange.internal = true;
          exchange.route = internal;
        }
        connections.begin(exchange);
        for (const begin of begins) begin(exchange);
        if (refuseMalformed(exchange)) return;
        if (internal !== undefined) {
          answerInternal(exchange);
          return;
        }
        count();
        for (const gate of gates) if (gate(exchange, enter)) return;
        enter(exchange);
      },
      end(exchange) {
        const nowMs = now();
        const bytes = connections.end(exchange, nowMs);
        exchange.ending ??= isComplete(exchange) ? "complete" : "aborted";
        exchange.route ??= expressRoute(exchange.request);
        const durationMs = nowMs - exchange.startMs;
        for (const end of ends) end(exchange, durationMs);
        accessLog?.(exchange, durationMs, bytes);
      },
      upgraded: (request) => connections.upgraded(request),
    },
    now,
  );
}

/** Node calls an HTTP/2 answer finished even when its stream was reset. */
function isComplete({ isHttp2, request, response }: Exchange): boolean {
  if (!isHttp2) return response.writableFinished;
  return (request as Http2ServerRequest).stream.rstCode === 0 && response.writableEnded;
}
