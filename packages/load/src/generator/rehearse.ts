import { createServer, type AddressInfo } from "node:net";
import type { LoadPlan, Target } from "../plan/plan.ts";
import { Generator, type GeneratorOptions } from "./generator.ts";

/** Long enough that the code of every step has been loaded and run a few times. */
const requests = 60;
const ratePerSecond = 1_000;

/**
 * Sends a few requests to a server in this very process, before the schedule begins: the first use of sockets, timers and
 * histograms in a fresh process takes some 30 ms, which would be the lag of the first real requests.
 */
export async function rehearse(plan: LoadPlan, options: GeneratorOptions): Promise<void> {
  const server = createServer((socket) => {
    socket.on("error", () => undefined);
    socket.on("data", () => socket.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"));
  });
  const { promise: listening, resolve, reject } = Promise.withResolvers<void>();
  server.once("error", reject).listen(0, "127.0.0.1", resolve);
  await listening;
  const { port } = server.address() as AddressInfo;
  const target: Target = {
    name: "rehearsal",
    via: { kind: "tcp", host: "127.0.0.1", port },
    hostHeader: "localhost",
    path: "/",
  };
  const rehearsal = new Generator(
    {
      ...plan,
      targets: [target],
      pace: {
        kind: "open",
        arrivals: "constant",
        stages: [
          { fromRate: ratePerSecond, toRate: ratePerSecond, durationMs: (requests * 1000) / ratePerSecond },
        ],
      },
      maxRequests: requests,
      dns: { family: 0, use: "first" },
      sourceAddresses: [],
      keepAliveConnections: 4,
      workers: 1,
    },
    { ...options, worker: 0 },
  );
  rehearsal.start(options.now());
  await rehearsal.finished;
  server.close();
}
