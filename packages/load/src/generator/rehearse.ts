import { createServer, type AddressInfo } from "node:net";
import type { LoadPlan, Target } from "../plan/plan.ts";
import { schedule } from "../plan/schedule.ts";
import { steadyPace } from "../plan/steady-pace.ts";
import { Generator, type GeneratorOptions } from "./generator.ts";

/** Between a few requests, which load the code of every step, and as many as make the compiler look at it. */
const fewest = 60;
const most = 4_000;
/** What this process can both ask and answer. */
const highestRate = 8_000;
const lowestRate = 1_000;
/** As often as in a run, or a little more. */
const deltaEveryMs = 50;
/** What one of them alone has taught the compiler is wrong for the next, and would be for the run: V8 takes what it saw once for all there is. */
const generators = 2;
/** Answers with the same head, one after the other. */
const alike = 50;

/**
 * Sends requests to a server in this very process, before the schedule begins: the first use of sockets, timers and histograms
 * takes some 30 ms, and until V8 has compiled the way of a request it takes several times as long, which would be the lag of the
 * first real requests. The faster the plan, the longer the rehearsal; half a second at most.
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
    name: "rehearsal",
    via: { kind: "tcp", host: "127.0.0.1", port },
    hostHeader: "localhost",
    path: "/",
  };
  const planned = (schedule(plan).intendedRate ?? 2 * highestRate) / plan.workers;
  const rate = Math.min(Math.max(planned, lowestRate), highestRate);
  const requests = Math.round(Math.min(Math.max(planned / 4, fewest), most) / generators);
  // A copy has the shape of a plan that came from another process, as the real one did.
  return structuredClone({
    ...plan,
    targets: [target],
    pace: steadyPace(rate, (requests * 1_000) / rate + 1),
    maxRequests: requests,
    dns: { family: 0, use: "first" },
    sourceAddresses: [],
    workers: 1,
  });
}
