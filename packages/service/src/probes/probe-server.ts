import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { SeaworthyError } from "@seaworthy/errors";
import { Exchange } from "../exchange.ts";
import { applyLimits } from "../protection/server-limits.ts";
import type { Probes } from "./probes.ts";

/** What a probe server needs. */
export interface ProbeServerOptions {
  /** 0 takes any free port. */
  readonly port: number;
  /** Default all addresses: the kubelet asks the pod's. */
  readonly host?: string;
  readonly probes: Pick<Probes, "answer">;
  /** Answers requests that are no probe, such as `/metrics`. False: it does not know the path either, so the answer is 404. */
  readonly other?: (exchange: Exchange) => boolean;
}

/** A server for probes. Its disposal cuts open connections, so a service must close it last of all. */
export interface ProbeServer extends AsyncDisposable {
  readonly port: number;
}

/** More than the kubelet, Prometheus and a few people with curl ever open. */
const maxConnections = 100;

/**
 * Starts a server of its own for probes: it answers when the service's port is full or drained, and can be hidden from the
 * outside. Rejects with SW8006 when the port cannot be listened on.
 */
export async function startProbeServer(options: ProbeServerOptions): Promise<ProbeServer> {
  const { port, host, probes, other } = options;
  const server = createServer((request, response) => {
    const exchange = new Exchange(request, response, "http", performance.now());
    if (probes.answer(exchange) || other?.(exchange) === true) return;
    response.writeHead(404, { "content-length": 0 }).end();
  });
  applyLimits(server, { headersTimeoutMs: 5_000, requestTimeoutMs: 10_000 });
  server.maxConnections = maxConnections;
  try {
    server.listen(port, host);
    await once(server, "listening");
  } catch (error) {
    throw new SeaworthyError("SW8006", `port ${port} cannot be listened on: ${(error as Error).message}`, {
      field: "probePort",
      next: ["set probePort to a port that nothing else on this address uses"],
      cause: error,
    });
  }
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      if (!server.listening) return;
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}
