import { createServer, type Server } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { SeaworthyError } from "@seaworthy/errors";
import type { Clock } from "../../clock.ts";
import type { EdgeRouter } from "./edge-router.ts";
import { answer, forward, type UpstreamFailure } from "./exchange.ts";
import type { RouteTable } from "./route-table.ts";
import type { PodNetwork } from "../../pod-network.ts";
import type { ProxyBehavior } from "./proxy-behavior.ts";
import { createUpstream } from "./upstream.ts";
import { forwardUpgrade, refuseUpgrade } from "./upgrade.ts";

/** A running ingress proxy: HTTP/1.1 on 127.0.0.1. */
export interface IngressProxy extends AsyncDisposable {
  readonly port: number;
}

/** What a proxy needs. */
export interface IngressProxyOptions {
  readonly port: number;
  readonly behavior: ProxyBehavior;
  /** The routes as of now. */
  readonly routes: () => RouteTable;
  readonly router: EdgeRouter;
  readonly podNetwork: PodNetwork;
  readonly clock: Clock;
  readonly onFailure: (failure: UpstreamFailure) => void;
}

/** Starts the proxy. Rejects with SW2001 when the port is taken. */
export async function startIngressProxy(options: IngressProxyOptions): Promise<IngressProxy> {
  const { behavior, routes, router, podNetwork, clock, onFailure } = options;
  const dial = (ip: string, port: number, timeoutMs: number) => podNetwork.dial(ip, port, timeoutMs);
  const upstreams = Array.from({ length: behavior.workers }, () => createUpstream(behavior.pool, dial));
  const workers = new WeakMap<Socket, number>();
  const sockets = new Set<Socket>();
  let connections = 0;

  // No limit on how long a request may take to arrive: Node's would answer 408, which none of the proxies does at 300 s.
  const server = createServer(
    { keepAliveTimeout: behavior.clientIdleMs, requestTimeout: 0 },
    (request, response) => {
      const match = routes().match(request.headers.host ?? "", request.url ?? "/");
      if (match === undefined) {
        answer(response, behavior.noRoute, behavior);
        return;
      }
      const worker = workers.get(request.socket) ?? 0;
      const upstream = upstreams[worker];
      if (upstream === undefined) return;
      forward({ request, response, match, worker, upstream, router, clock, onFailure }).catch(
        // A request throws here when it cannot be written again, for example because its target is unescaped.
        () => {
          answer(response, { status: 400, body: "" }, behavior);
        },
      );
    },
  );
  server.on("connection", (socket) => {
    workers.set(socket, connections % behavior.workers);
    connections += 1;
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  server.on("upgrade", (request, stream, head) => {
    const socket = stream as Socket;
    const match = routes().match(request.headers.host ?? "", request.url ?? "/");
    if (match === undefined) {
      refuseUpgrade(socket, behavior.noRoute);
      return;
    }
    const worker = workers.get(socket) ?? 0;
    void forwardUpgrade({
      request,
      socket,
      head,
      match,
      worker,
      router,
      dial,
    });
  });

  const port = await listen(server, options.port);
  return {
    port,
    async [Symbol.asyncDispose]() {
      const closed = new Promise<void>((resolve) => {
        server.close(() => {
          resolve();
        });
      });
      for (const socket of sockets) socket.destroy();
      for (const upstream of upstreams) upstream[Symbol.dispose]();
      await closed;
    },
  };
}

async function listen(server: Server, port: number): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once("error", reject);
  server.listen(port, "127.0.0.1", resolve);
  try {
    await promise;
  } catch (error) {
    throw new SeaworthyError("SW2001", `the Ingress cannot listen on 127.0.0.1:${port}`, {
      why: `The system says ${(error as NodeJS.ErrnoException).code ?? String(error)}.`,
      next: [
        `end the process that holds the port: lsof -iTCP:${port} -sTCP:LISTEN`,
        "or choose another port, or 0 for any that is free",
      ],
      cause: error,
    });
  }
  server.off("error", reject);
  return (server.address() as AddressInfo).port;
}
