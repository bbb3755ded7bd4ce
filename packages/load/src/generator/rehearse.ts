import { createServer, type AddressInfo } from "node:net";
import type { LoadPlan, Target } from "../plan/plan.ts";
import { schedule } from "../plan/schedule.ts";
import { steadyPace } from "../plan/steady-pace.ts";
import { Generator, type GeneratorOptions } from "./generator.ts";

/** The fewest and the most requests of a rehearsal: a few load the code of every step, many make the compiler compile it. */
const fewest = 60;
const most = 4_000;
/** The highest rate at which this process can both ask and answer. */
const highestRate = 8_000;
const lowestRate = 1_000;
/** Time between two deltas, which are taken at least as often as in a run. */
const deltaEveryMs = 50;
/** Two, because V8 takes the one generator that it has seen for the only one, and would compile again for the run's. */
const generators = 2;
/** How many answers in a row have the same head. */
const alike = 50;

/**
 * Sends requests to a server in this very process, before the schedule begins. The first use of sockets, timers and histograms
 * takes some 30 ms, and a request takes several times as long until V8 has compiled its code: the first real requests would be
 * late by that. The faster the plan, the longer the rehearsal; half a second at most.
 */
export async function rehearse(plan: LoadPlan, options: GeneratorOptions): Promise<void> {
  let answers = 0;
  const server = createServer({ noDelay: true }, (socket) => {
    socket.on("error", () => undefined);
    socket.on("data", () =>
      socket.write(
        `HTTP/1.1 200 OK\r\nDate: ${Math.floor(answers++ / alike)}\r\nContent-Length: 2\r\nConnection: keep-alive\r\n\r\nok`,
      ),
    );
  });
  const { promise: listening, resolve, reject } = Promise.withResolvers<void>();
  server.once("error", reject).listen(0, "127.0.0.1", resolve);
  await listening;
  const { port } = server.address() as AddressInfo;
  for (let left = generators; left > 0; left--) {
    const rehearsal = new Generator(rehearsalOf(plan, port), { ...options, worker: 0 });
    const timer = setInterval(() => structuredClone(rehearsal.takeDelta()), deltaEveryMs);
    rehearsal.start(options.now());
    await rehearsal.finished;
    clearInterval(timer);
  }
  server.close();
}

function rehearsalOf(plan: LoadPlan, port: number): LoadPlan {
  const { tls: _tls, protocol: _protocol, ...like } = plan.targets[0] as Target;
  const target: Target = {
    ...like,
    via: { kind: "tcp", host: "127.0.0.1", port },
    hostHeader: "localhost",
    path: "/",
  };
  const planned = (schedule(plan).intendedRate ?? 2 * highestRate) / plan.workers;
  const rate = Math.min(Math.max(planned, lowestRate), highestRate);
  const requests = Math.round(Math.min(Math.max(planned / 4, fewest), most) / generators);
  // The copy has the shape of a plan that came from another process, as the real plan has.
  return structuredClone({
    ...plan,
    targets: [target],
    // The server of the rehearsal speaks HTTP/1.1.
    requests: plan.requests.map(({ grpc, status, ...request }) => ({
      ...request,
      ...(grpc === true || status === undefined ? {} : { status }),
    })),
    pace: steadyPace(rate, (requests * 1_000) / rate + 1),
    maxRequests: requests,
    dns: { family: 0, use: "first" },
    sourceAddresses: [],
    workers: 1,
  });
}
