import type { Socket } from "node:net";
import { SeaworthyError } from "@seaworthy/errors";
import type { Clock } from "../../clock.ts";
import type { PodNetwork } from "../../pod-network.ts";
import type { Random } from "../../random.ts";
import type { Propagation } from "../endpoints/propagation.ts";
import type { EdgeCertificates } from "./edge-certificates.ts";
import { startEdgeProcess } from "./edge-process.ts";
import type { EdgePort } from "./edge-servers.ts";
import type { UpstreamFailure } from "./exchange.ts";
import { listenTogether, type SharedPort } from "./listen-together.ts";
import type { EdgeRouter } from "./pods/edge-router.ts";
import type { ProxyBehavior } from "./proxy-behavior.ts";
import { createRestartable, type EdgeRestart } from "./restartable-edge.ts";
import type { RouteTable } from "./route-table.ts";

/** A running proxy at the edge, on 127.0.0.1: HTTP/1.1 on one port, and on another TLS with HTTP/2 and HTTP/1.1. */
export interface EdgeProxy extends AsyncDisposable {
  readonly port: number;
  readonly tlsPort: number;
  /** Takes a connection that came to one of its ports somewhere else. */
  accept(socket: Socket, port: EdgePort): void;
  /** Restarts it, and waits until the old process is gone, for at most `waitMs`. Absent where nobody can. */
  readonly restart: ((waitMs: number) => Promise<EdgeRestart>) | undefined;
}

/** What a proxy needs. */
export interface EdgeProxyOptions {
  readonly port: number;
  readonly tlsPort: number;
  readonly certificates: EdgeCertificates;
  readonly behavior: ProxyBehavior;
  /** How what is before the edge learns of its pods. */
  readonly propagation: Propagation;
  /** The routes as of now. */
  readonly routes: () => RouteTable;
  readonly router: EdgeRouter;
  readonly podNetwork: PodNetwork;
  readonly clock: Clock;
  readonly random: Random;
  readonly onFailure: (failure: UpstreamFailure) => void;
}

/** Starts the proxy. Rejects with SW2001 when a port is taken. */
export async function startEdgeProxy(options: EdgeProxyOptions): Promise<EdgeProxy> {
  const { behavior } = options;
  const ports = { bare: 80, secure: 443 };
  await using started = new AsyncDisposableStack();
  const processes = started.use(createRestartable(options, () => startEdgeProcess(options, () => ports)));
  const listenFor = async (port: number, which: EdgePort) =>
    started.use(await listen(port, (socket) => processes.take(socket, which))).port;
  ports.secure = await listenFor(options.tlsPort, "secure");
  ports.bare = await listenFor(options.port, "bare");
  const resources = started.move();
  return {
    port: ports.bare,
    tlsPort: ports.secure,
    accept(socket, which) {
      processes.take(socket, which);
      // It comes paused. TLS reads by itself.
      if (which === "bare") socket.resume();
    },
    restart: behavior.ending === undefined ? undefined : (waitMs) => processes.restart(waitMs),
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}

async function listen(port: number, take: (socket: Socket) => void): Promise<SharedPort> {
  try {
    return await listenTogether(port, take);
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
}
