import type { Socket } from "node:net";
import tls from "node:tls";
import { type Exchange, type Gate, isHttp2Request } from "../exchange.ts";
import type { MetricsRegistry } from "../metrics/metrics-registry.ts";
import type { AnyServer } from "../tap-server.ts";
import { answerProblem } from "./answer-problem.ts";

/** How many connections a server keeps. */
export interface ConnectionLimitOptions {
  /** At least 1. */
  readonly maxConnections: number;
  /** How many further connections are answered with 503; those beyond are closed unheard. Default a tenth, at least 16. */
  readonly reserve?: number;
  /** Whether an exchange is answered on connections beyond the limit, too, such as a probe or a scrape. */
  readonly isExempt: (exchange: Exchange) => boolean;
  readonly registry: Pick<MetricsRegistry, "counter">;
}

const surplusKey = Symbol("surplus");
type Marked = Socket & { [surplusKey]?: true };

/**
 * Keeps a server to a number of connections. One beyond the limit is answered 503 and closed at its first request, if by then
 * there are still too many. Node's own `maxConnections` closes such a connection unheard: a client cannot tell that from a
 * crash, a proxy makes a 502 of it, and the kubelet's probe fails with it, so that a full server would be restarted. It
 * is used only beyond the reserve, against floods. Connections within the limit are not touched, however many come after.
 */
export function limitConnections(server: AnyServer, options: ConnectionLimitOptions): Gate {
  const { maxConnections, isExempt } = options;
  const { reserve = Math.max(16, Math.ceil(maxConnections / 10)) } = options;
  const dropped = options.registry.counter(
    "connections_dropped_total",
    "Connections beyond the limit, by what was done: answered with 503, or closed unheard.",
    ["how"],
  );
  const answered = dropped.child(["answered"]);
  const closed = dropped.child(["closed"]);
  let open = 0;

  server.maxConnections = maxConnections + reserve;
  server.on("drop", () => closed.increment());
  server.on(server instanceof tls.Server ? "secureConnection" : "connection", (socket: Marked) => {
    open += 1;
    if (open > maxConnections) socket[surplusKey] = true;
    socket.once("close", () => (open -= 1));
  });

  return (exchange) => {
    if (open <= maxConnections || !isSurplus(exchange) || isExempt(exchange)) return false;
    answered.increment();
    answerProblem(exchange, { status: 503, title: "too many connections", close: true });
    if (isHttp2Request(exchange.request)) exchange.request.stream.session?.close();
    return true;
  };
}

function isSurplus({ request }: Exchange): boolean {
  // HTTP/2 shows a proxy of its socket, which gives our mark as well.
  const socket: Marked | undefined = isHttp2Request(request)
    ? request.stream.session?.socket
    : request.socket;
  return socket?.[surplusKey] === true;
}
