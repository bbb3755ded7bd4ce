import type { AddressInfo, Server, Socket } from "node:net";
import { SeaworthyError } from "@seaworthy/errors";
import type { Clock } from "../../clock.ts";
import type { PodNetwork } from "../../pod-network.ts";
import type { EdgeCertificates } from "./edge-certificates.ts";
import { createEdgeServers } from "./edge-servers.ts";
import { answer, forward, type UpstreamFailure } from "./exchange.ts";
import type { EdgeRouter } from "./pods/edge-router.ts";
import { createUpstreams } from "./pods/upstream.ts";
import type { ProxyBehavior } from "./proxy-behavior.ts";
import type { EdgeReply, EdgeRequest } from "./requests/edge-request.ts";
import type { RouteTable } from "./route-table.ts";
import { forwardUpgrade, refuseUpgrade } from "./upgrade.ts";

/** A running proxy at the edge, on 127.0.0.1: HTTP/1.1 on one port, and on another TLS with HTTP/2 and HTTP/1.1. */
export interface EdgeProxy extends AsyncDisposable {
  readonly port: number;
  readonly tlsPort: number;
  /** Takes a connection that came to one of its ports somewhere else. */
  accept(socket: Socket, port: "bare" | "secure"): void;
}

/** What a proxy needs. */
export interface EdgeProxyOptions {
  readonly port: number;
  readonly tlsPort: number;
  readonly certificates: EdgeCertificates;
  readonly behavior: ProxyBehavior;
  /** The routes as of now. */
  readonly routes: () => RouteTable;
  readonly router: EdgeRouter;
  readonly podNetwork: PodNetwork;
  readonly clock: Clock;
  readonly onFailure: (failure: UpstreamFailure) => void;
}

/** Starts the proxy. Rejects with SW2001 when a port is taken. */
export async function startEdgeProxy(options: EdgeProxyOptions): Promise<EdgeProxy> {
  const { behavior, certificates, routes, router, podNetwork, clock, onFailure } = options;
  const dial = (ip: string, port: number, timeoutMs: number) => podNetwork.dial(ip, port, timeoutMs);
  const workers = Array.from({ length: behavior.workers }, () => createUpstreams(behavior.pool, dial));
  const servers = createEdgeServers({ behavior, certificates, onRequest, onUpgrade });

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
  await using started = new AsyncDisposableStack();
  for (const worker of workers) started.use(worker);
  started.use(servers);
  const tlsPort = await listen(servers.secure, options.tlsPort);
  const port = await listen(servers.bare, options.port);
  const resources = started.move();
  return {
    port,
    tlsPort,
    accept(socket, which) {
      servers[which].emit("connection", socket);
      // It comes paused. TLS reads by itself.
      if (which === "bare") socket.resume();
    },
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
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
