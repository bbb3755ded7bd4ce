import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import type { Duplex } from "node:stream";
import { SeaworthyError } from "@seaworthy/errors";
import type { Clock } from "../../clock.ts";
import type { EdgeCertificates } from "./edge-certificates.ts";
import type { EdgeRouter } from "./edge-router.ts";
import { answer, forward, type UpstreamFailure } from "./exchange.ts";
import type { RouteTable } from "./route-table.ts";
import type { PodNetwork } from "../../pod-network.ts";
import type { ProxyBehavior } from "./proxy-behavior.ts";
import { createUpstream } from "./upstream.ts";
import { forwardUpgrade, refuseUpgrade } from "./upgrade.ts";

/** A running ingress proxy: HTTP/1.1 on 127.0.0.1, on one port bare and on another in TLS. */
export interface IngressProxy extends AsyncDisposable {
  readonly port: number;
  readonly tlsPort: number;
}

/** What a proxy needs. */
export interface IngressProxyOptions {
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
export async function startIngressProxy(options: IngressProxyOptions): Promise<IngressProxy> {
  const { behavior, certificates, routes, router, podNetwork, clock, onFailure } = options;
  const dial = (ip: string, port: number, timeoutMs: number) => podNetwork.dial(ip, port, timeoutMs);
  const upstreams = Array.from({ length: behavior.workers }, () => createUpstream(behavior.pool, dial));
  const workers = new WeakMap<Socket, number>();
  const sockets = new Set<Socket>();
  let connections = 0;

  function onRequest(request: IncomingMessage, response: ServerResponse): void {
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
  }
  function onUpgrade(request: IncomingMessage, stream: Duplex, head: Buffer): void {
    const socket = stream as Socket;
    const match = routes().match(request.headers.host ?? "", request.url ?? "/");
    if (match === undefined) {
      refuseUpgrade(socket, behavior.noRoute);
      return;
    }
    const worker = workers.get(socket) ?? 0;
    void forwardUpgrade({ request, socket, head, match, worker, router, dial });
  }
  function toWorker(socket: Socket): void {
    workers.set(socket, connections % behavior.workers);
    connections += 1;
  }
  // No limit on how long a request may take to arrive: Node's would answer 408, which none of the proxies does at 300 s.
  const timing = { keepAliveTimeout: behavior.clientIdleMs, requestTimeout: 0 };
  const bare = createServer(timing, onRequest);
  const secure = createTlsServer(
    {
      ...timing,
      ...certificates.fallback,
      SNICallback: (serverName, chosen) => chosen(null, certificates.contextFor(serverName)),
    },
    onRequest,
  );
  bare.on("connection", toWorker);
  // Requests in TLS come from the socket that decrypts, and not from the one beneath.
  secure.on("secureConnection", toWorker);
  for (const server of [bare, secure]) {
    server.on("upgrade", onUpgrade);
    server.on("connection", (socket: Socket) => {
      sockets.add(socket);
      socket.once("close", () => sockets.delete(socket));
    });
  }
  await using started = new AsyncDisposableStack();
  started.defer(() => {
    for (const upstream of upstreams) upstream[Symbol.dispose]();
  });
  const open = async (server: Server, port: number) => {
    const opened = await listen(server, port);
    started.defer(() => close(server, sockets));
    return opened;
  };
  const port = await open(bare, options.port);
  const tlsPort = await open(secure, options.tlsPort);
  const resources = started.move();
  return { port, tlsPort, [Symbol.asyncDispose]: () => resources.disposeAsync() };
}

async function close(server: Server, sockets: Iterable<Socket>): Promise<void> {
  const closed = new Promise<void>((resolve) => {
    server.close(() => {
      resolve();
    });
  });
  for (const socket of sockets) socket.destroy();
  await closed;
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
