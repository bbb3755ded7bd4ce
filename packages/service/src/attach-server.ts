import type { Http2ServerRequest } from "node:http2";
import type { Exchange, ExchangeObserver, Gate } from "./exchange.ts";
import { expressRoute } from "./frameworks/express-route.ts";
import type { ConnectionSet } from "./lifecycle/connection-set.ts";
import type { AccessLog } from "./log/access-log.ts";
import { answerParseErrors } from "./protection/answer-parse-errors.ts";
import { refuseMalformed } from "./protection/refuse-malformed.ts";
import { type AnyServer, tapServer } from "./tap-server.ts";

/** What stands between a server and the application, in the order in which a request passes it. */
export interface AttachedParts {
  readonly connections: ConnectionSet;
  /** Whether the library answers itself, and under which route. Undefined: the application does. */
  readonly internalRoute: (path: string) => string | undefined;
  readonly answerInternal: (exchange: Exchange) => void;
  /** Each request, without probes. */
  readonly count: () => void;
  readonly observers: readonly ExchangeObserver[];
  readonly gates: readonly Gate[];
  readonly accessLog: AccessLog | undefined;
  /** Calls the application, in the context of the exchange's trace. */
  readonly run: (exchange: Exchange, proceed: () => void) => void;
  readonly now: () => number;
}

/** Leads every request of a server past the library, and then to the application. */
export function attachServer(server: AnyServer, parts: AttachedParts): void {
  const { connections, internalRoute, answerInternal, count, observers, gates, accessLog, run, now } = parts;
  // Node's own refusal of a request without Host goes on with what was pipelined behind it; refuseMalformed does not.
  Object.assign(server, { requireHostHeader: false });
  answerParseErrors(server, (socket) => connections.exchangesOn(socket));
  tapServer(
    server,
    {
      takes: (request) => connections.takes(request),
      begin(exchange, proceed) {
        const internal = internalRoute(exchange.path);
        if (internal !== undefined) {
          exchange.internal = true;
          exchange.route = internal;
        }
        connections.begin(exchange);
        for (const observer of observers) observer.begin?.(exchange);
        if (refuseMalformed(exchange)) return;
        if (internal !== undefined) {
          answerInternal(exchange);
          return;
        }
        count();
        const enter = (): void => run(exchange, proceed);
        for (const gate of gates) if (gate(exchange, enter)) return;
        enter();
      },
      end(exchange) {
        const bytes = connections.end(exchange);
        exchange.ending ??= isComplete(exchange) ? "complete" : "aborted";
        exchange.route ??= expressRoute(exchange.request);
        const durationMs = now() - exchange.startMs;
        for (const observer of observers) observer.end?.(exchange, durationMs);
        accessLog?.(exchange, durationMs, bytes);
      },
      upgraded: (request) => connections.upgraded(request),
    },
    now,
  );
}

/** Node says of an HTTP/2 answer that it is finished even when its stream was reset. */
function isComplete({ isHttp2, request, response }: Exchange): boolean {
  if (!isHttp2) return response.writableFinished;
  return (request as Http2ServerRequest).stream.rstCode === 0 && response.writableEnded;
}
