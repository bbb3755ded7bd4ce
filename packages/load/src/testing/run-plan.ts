import { once } from "node:events";
import { Worker } from "node:worker_threads";
import type { LoadReport } from "../measure/load-report.ts";
import type { LoadPlan, Target } from "../plan/plan.ts";
import { startLoad, type StartLoadOptions } from "../process/start-load.ts";
import { steadyPace } from "../plan/steady-pace.ts";
import { examplePlan } from "./example-plan.ts";

/** A plan of so many requests to these targets. */
export const plan = (
  targets: readonly Target[],
  requests: number,
  { ratePerSecond = 400, ...changes }: Partial<LoadPlan> & { readonly ratePerSecond?: number } = {},
): LoadPlan =>
  examplePlan({
    targets,
    pace: steadyPace(ratePerSecond, (requests * 1000 + 1) / ratePerSecond),
    maxRequests: requests,
    // These tests look at outcomes, on machines that do other things too; the tests of lag set their own limit.
    maxLagP99Ms: 10_000,
    ...changes,
  });

/** A target at a port of this machine. */
export const tcp = (name: string, port: number, path = name): Target => ({
  name,
  via: { kind: "tcp", host: "127.0.0.1", port },
  hostHeader: "shop.example",
  path,
});

/** A port on which nobody listens: only root could, and nobody is given it by chance. */
export const refusingPort = 1;

/** Runs a plan to the end of its schedule. */
export async function runWhole(loadPlan: LoadPlan, options?: StartLoadOptions): Promise<LoadReport> {
  await using run = await startLoad(loadPlan, options);
  return await run.report;
}

/** How many failures of each `target class`. */
export function countFailures(report: LoadReport): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const outcome of report.failures) {
    const key = `${outcome.target} ${outcome.class}`;
    counts[key] = (counts[key] ?? 0) + 1;
  }
  return counts;
}

/** The sum of all counts. */
export const sum = (counts: ReadonlyMap<string, number>): number =>
  [...counts.values()].reduce((a, b) => a + b, 0);

/** A server in a thread of its own, which answers whatever this thread does. */
export async function quickServer(): Promise<{ port: number } & AsyncDisposable> {
  const worker = new Worker(
    `import { createServer } from "node:http"; import { parentPort } from "node:worker_threads";
     const server = createServer((_, answer) => answer.end("ok"));
     server.listen(0, "127.0.0.1", () => parentPort.postMessage(server.address().port));`,
    { eval: true },
  );
  const [port] = (await once(worker, "message")) as [number];
  return { port, [Symbol.asyncDispose]: async () => void (await worker.terminate()) };
}
