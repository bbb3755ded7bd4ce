import type { Socket } from "node:net";
import { createEdgeServers, type EdgePort } from "./edge-servers.ts";
import type { EdgeProxyOptions } from "./edge-proxy.ts";
import { answer, forward } from "./exchange.ts";
import { createUpstreams } from "./pods/upstream.ts";
import type { EdgeReply, EdgeRequest } from "./requests/edge-request.ts";
import { resetSocket } from "../pods/reset-socket.ts";
import { forwardUpgrade, refuseUpgrade } from "./upgrade.ts";

/** One process of the edge's, with connections to clients and to pods that are its own. */
export interface EdgeProcess extends AsyncDisposable {
  /** Takes a connection of a client's, or resets it when it takes none any more. */
  take(socket: Socket, port: EdgePort): void;
  /** How many connections of clients it has. */
  readonly open: number;
  /** How many connections it did not take. */
  readonly refused: number;
  /** Asks it to end. From `unsent` on nobody sends it a connection any more. */
  end(unsent: Promise<void>): EndingEdge;
}

/** A process that was asked to end. */
export interface EndingEdge {
  /** Connections that it closed at once, because they carried no request. */
  readonly closed: number;
  /** Resolves at its end, with the number of connections that it cut then. */
  readonly over: Promise<number>;
}

/** Starts a process. `ports` are those that its clients connect to. */
export function startEdgeProcess(
  options: Omit<EdgeProxyOptions, "port" | "tlsPort">,
  ports: () => Readonly<Record<EdgePort, number>>,
): EdgeProcess {
  const { behavior, certificates, routes, router, podNetwork, clock, onFailure } = options;
  const dial = (ip: string, port: number, timeoutMs: number) => podNetwork.dial(ip, port, timeoutMs);
  const workers = Array.from({ length: behavior.workers }, () => createUpstreams(behavior.pool, dial));
  const servers = createEdgeServers({ behavior, certificates, ports, onRequest, onUpgrade });
  let isClosed = false;
  let refused = 0;

  function onRequest(request: EdgeRequest, reply: EdgeReply): void {
    const match = routes().match(request);
    const upstreams = workers[request.connection.worker];
    if (match === undefined || upstreams === undefined) {
      answer({ request, reply, match: { route: { behavior } } }, behavior.noRoute);
      return;
    }
    forward({ request, reply, match, upstreams, router, clock, onFailure }).catch(
      // A request throws here when it cannot be written again, for example because its target is unescaped.
      () => answer({ request, reply, match }, { status: 400, body: "" }),
    );
  }
  function onUpgrade(request: EdgeRequest, socket: Socket, head: Buffer): void {
    const match = routes().match(request);
    if (match === undefined) refuseUpgrade(socket, behavior.noRoute);
    else void forwardUpgrade({ request, socket, head, match, router, dial });
  }
  let disposed: Promise<void> | undefined;
  const dispose = () => (disposed ??= disposeAll());
  async function disposeAll(): Promise<void> {
    isClosed = true;
    await servers[Symbol.asyncDispose]();
    for (const worker of workers) worker[Symbol.dispose]();
  }
  return {
    take(socket, port) {
      if (!isClosed) {
        servers.take(socket, port);
        return;
      }
      refused += 1;
      resetSocket(socket);
    },
    get open() {
      return servers.open;
    },
    get refused() {
      return refused;
    },
    end(unsent) {
      const { servesOn = false, drainMs = 0 } = behavior.ending ?? {};
      isClosed = !servesOn;
      const closed = servers.beginEnding(!servesOn);
      const drained = Promise.withResolvers<void>();
      const cancel = clock.after(drainMs, drained.resolve);
      const emptied = servesOn ? unsent.then(() => servers.emptied()) : servers.emptied();
      const over = Promise.race([emptied, drained.promise]).then(async () => {
        cancel();
        const cut = servers.open;
        await dispose();
        return cut;
      });
      return { closed, over };
    },
    [Symbol.asyncDispose]: dispose,
  };
}
