import type { LoadReport } from "../measure/load-report.ts";
import { createPlan } from "../plan/create-plan.ts";
import type { ClientKind } from "../plan/plan.ts";
import { steadyPace } from "../plan/steady-pace.ts";
import { startLoad } from "../process/start-load.ts";
import { wholeAnswer } from "./do-deed.ts";
import { type FaultNumbers, faults } from "./draw-faults.ts";
import { type FaultCounts, startFaultServer } from "./fault-server.ts";

/** How a run against the fault server went: by the load generator, and by the server. */
export interface FaultRun {
  readonly report: LoadReport;
  readonly server: FaultCounts;
}

/** A thousand requests in a second, of which each fault breaks so many. */
export const faultRun = { requests: 1_000, ratePerSecond: 1_000, each: 25 } as const;

/** What to run. Left out: half GET, half POST, and every fault {@link faultRun}.each times. */
export interface FaultRunOptions {
  readonly client: ClientKind;
  readonly seed: number;
  readonly methods?: readonly ("GET" | "POST")[];
  readonly requests?: number;
  readonly numbers?: FaultNumbers;
}

/** Runs the load generator against a fault server of its own. */
export async function runFaults({
  client,
  seed,
  methods = ["GET", "POST"],
  requests = faultRun.requests,
  numbers = Object.fromEntries(faults.map((fault) => [fault, faultRun.each])),
}: FaultRunOptions): Promise<FaultRun> {
  const { ratePerSecond } = faultRun;
  await using server = await startFaultServer({ requests, numbers, seed });
  const headers = [["X-Token", "{{token}}"]] as const;
  const plan = createPlan({
    targets: [
      {
        name: "faults",
        via: { kind: "tcp", host: "127.0.0.1", port: server.ports.http },
        hostHeader: "shop.example",
        path: "/",
      },
    ],
    requests: methods.map((method) => ({
      method,
      headers,
      ...(method === "POST" ? { body: "order {{index}}" } : {}),
    })),
    clients: [client],
    // A little longer than the last request needs, so that rounding does not drop it.
    pace: steadyPace(ratePerSecond, (requests * 1000) / ratePerSecond + 100),
    maxRequests: requests,
    // Longer than a busy machine pauses: an answer that comes too late would be counted, and rightly, as a timeout.
    responseTimeoutMs: 2_000,
    expect: {
      status: [[200, 399]],
      headers: [{ name: wholeAnswer.header, pattern: `^${wholeAnswer.body}$` }],
      body: { contains: wholeAnswer.body },
      echoHeader: "x-token",
    },
    seed,
    // These runs are about counts, on machines that do other things too.
    maxLagP99Ms: 60_000,
  });
  await using run = await startLoad(plan);
  const report = await run.report;
  return { report, server: await server.counts() };
}

/** What the server broke, as `method class used|fresh`: used when the connection had carried a request before. */
export function brokenByServer({ server }: FaultRun): Record<string, number> {
  const broken = server.done.filter(({ deed }) => deed !== "ok");
  return Object.fromEntries(
    broken.map(({ method, deed, reused, count }) => [keyOf(method, deed, reused), count]),
  );
}

/** The failures in the load generator's report, in the same form. */
export function failedInReport({ report }: FaultRun): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { method, class: failure, reusedConnection } of report.failures) {
    const key = keyOf(method, failure, reusedConnection);
    counts[key] = (counts[key] ?? 0) + 1;
  }
  return counts;
}

function keyOf(method: string, failure: string, reused: boolean): string {
  return `${method} ${failure} ${reused ? "used" : "fresh"}`;
}
