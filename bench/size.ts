/**
 * Runs `seaworthy size` on apps/httpserver several times, then steps by hand through rates around what it found, and prints how
 * far apart all of them are. Wanted: each run within 10 % of the hand's, and the runs within 10 % of each other.
 *
 * usage: node bench/size.ts [RUNS] [HOLD_SECONDS]
 */
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { readManifests, readSettings } from "@seaworthy/app";
import { Cluster } from "@seaworthy/cluster";
import { createPlan, startLoad, steadyPace } from "@seaworthy/load";
import { applyManifests, rolloutTargets, waitForRollout } from "@seaworthy/release";
import type { SizeResult } from "@seaworthy/trial";
import type { Deployment, Manifest } from "@seaworthy/kube";
import { usualRequest } from "../packages/trial/src/load/load-plan.ts";
import { median } from "./measured/median.ts";

const [runs, holdSeconds] = [Number(process.argv[2] ?? 3), Number(process.argv[3] ?? 10)];
const p99Ms = 100;
/** As `size` has it: a rate settles before it is measured, and a window in which the load was late says nothing of the service. */
const [settleMs, maxLagP99Ms] = [1_000, 25];
/** The service's code is compiled as it is asked more and more, as `size` asks it. */
const warmUp = [0.1, 0.2, 0.4, 0.6];
const app = fileURLToPath(new URL("../apps/httpserver", import.meta.url));
const command = fileURLToPath(new URL("../packages/cli/src/main.mjs", import.meta.url));

/** A service's knee depends on what it is asked. */
const asSizeAsks = ["GET", "POST"].map((method) => usualRequest(method));

const knees: number[] = [];
for (let run = 0; run < runs; run += 1) {
  const args = [
    command,
    "size",
    app,
    "--p99",
    `${p99Ms}ms`,
    "--hold",
    String(holdSeconds),
    "--output",
    "json",
  ];
  const { stdout } = await promisify(execFile)(process.execPath, args, { maxBuffer: 2 ** 26 });
  const { knee } = JSON.parse(stdout) as SizeResult;
  knees.push(knee.ratePerSecond);
  out(
    `run ${run + 1}: ${knee.ratePerSecond.toFixed(0)}/s, ended by the ${knee.limit}, ${knee.cores.toFixed(2)} cores`,
  );
}
const middle = median(knees);
const byHand = await stepByHand(middle);
out(`by hand: ${byHand.toFixed(0)}/s`);
const spread = (100 * (Math.max(...knees) - Math.min(...knees))) / middle;
out(`runs are ${spread.toFixed(1)} % apart; ${((100 * middle) / byHand - 100).toFixed(1)} % from the hand's`);

/**
 * From 0.8 of what was found upwards in steps of 5 %, or downwards where that is too much: the last rate whose p99 kept to the
 * objective without a failure. Few steps, because the speed of a machine changes within minutes.
 */
async function stepByHand(around: number): Promise<number> {
  const context = {
    cwd: app,
    command: "size",
    stdin: async () => "",
    runTool: async () => undefined,
  } as const;
  const { manifests } = await readManifests([app], { ...context, allowCustomKinds: false });
  const settings = await readSettings(app, app);
  const image = Object.entries(settings.run).map(([name, entry]) => {
    const known = typeof entry === "string" ? { command: entry } : entry;
    return [name, { ...known, cwd: settings.cwd }] as const;
  });
  await using cluster = await Cluster.start({
    profile: "instant",
    partProcessors: true,
    run: Object.fromEntries(image),
  });
  const single = manifests.map((manifest) => withOnePod(manifest));
  await applyManifests(cluster.client, single, { namespace: "default", onNotice: () => {} });
  const waiting = { timeoutMs: 60_000, signal: new AbortController().signal };
  for (const target of rolloutTargets(single, "default"))
    await waitForRollout(cluster.client, target, waiting);
  for (const share of warmUp) await isServed(cluster, around * share);
  let best = around * 0.8;
  while (!(await isServedOnce(cluster, best))) best /= 1.05;
  while (best < around * 2 && (await isServedOnce(cluster, best * 1.05))) best *= 1.05;
  return best;
}

/** One pause of the machine is no knee: a rate is too much when three windows say so, as `size` has it. */
async function isServedOnce(cluster: Cluster, rate: number): Promise<boolean> {
  for (let window = 0; window < 3; window += 1) if (await isServed(cluster, rate)) return true;
  return false;
}

function withOnePod(manifest: Manifest): Manifest {
  if (manifest.object.kind !== "Deployment") return manifest;
  const deployment = manifest.object as Deployment;
  return { ...manifest, object: { ...deployment, spec: { ...deployment.spec, replicas: 1 } } };
}

async function isServed(cluster: Cluster, rate: number): Promise<boolean> {
  const target = { name: "service", via: { kind: "dialed" }, hostHeader: "httpserver", path: "/" } as const;
  const pace = steadyPace(rate, settleMs + holdSeconds * 1000);
  const expect = { status: [[200, 299]] as const, echoHeader: "x-seaworthy-echo" };
  const plan = createPlan({
    targets: [target],
    requests: asSizeAsks,
    expect,
    pace,
    settleMs,
    maxLagP99Ms,
    workers: 1,
  });
  const enter = await cluster.enterNetwork();
  const options =
    enter === undefined
      ? {
          dial: (_: string, timeoutMs: number) => cluster.dialService("default", "httpserver", 80, timeoutMs),
        }
      : { enter, dial: async () => cluster.chooseEndpoint("default", "httpserver", 80) };
  await using load = await startLoad(plan, options);
  const { failed, latency, generator } = await load.report;
  out(
    `  ${rate.toFixed(0)}/s: ${failed} failed, p99 ${latency.p99Ms.toFixed(1)} ms${generator.valid ? "" : `, ${generator.why}`}`,
  );
  return failed === 0 && generator.valid && latency.p99Ms <= p99Ms;
}

function out(line: string): void {
  process.stdout.write(`${line}\n`);
}
