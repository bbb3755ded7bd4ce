/**
 * What observability costs: requests per CPU-second, p99, memory and time to start of the library, of the reference
 * server, and of what others use. In each round all are started and then asked for a second in turn, again and again, so that
 * a slow minute of the machine is slow for all.
 *
 * usage: node bench/service-cost.ts [ROUNDS] [BURSTS] [--only TEXT]
 */
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { closeSync, existsSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { buildPackage } from "../scripts/packages/build-package.ts";
import { canConnect } from "./peers/can-connect.ts";
import { installPeers } from "./peers/install-peers.ts";
import { readTimes, stolenShare } from "./peers/stolen-share.ts";
import { median } from "./measured/median.ts";
import { memoryMib } from "./measured/memory-mib.ts";

interface Candidate {
  readonly name: string;
  readonly command: readonly string[];
  readonly path: string;
}

interface Running {
  readonly candidate: Candidate;
  readonly port: number;
  readonly child: ChildProcess;
  readonly startMs: number;
  readonly idleMiB: number;
}

/** Of each start. */
interface StartSamples {
  readonly startMs: number[];
  readonly idleMiB: number[];
  readonly loadMiB: number[];
}

/** Of each turn. */
interface TurnSamples {
  readonly perCpuSecond: number[];
  readonly p99Ms: number[];
}

/** What was measured of one candidate. */
type Samples = StartSamples & TurnSamples;

const firstPort = 19_080;
const here = (file: string): string => fileURLToPath(new URL(file, import.meta.url));
const node = (file: string): readonly string[] => [process.execPath, here(file)];
const podinfo = process.env["PODINFO"] ?? path.join(homedir(), ".cache/seaworthy-peers/podinfo");
const baseline = "bare Fastify";

const all: readonly Candidate[] = [
  { name: baseline, command: node("peers/serve-fastify.mjs"), path: "/" },
  { name: "bare node:http", command: node("peers/serve-http.mjs"), path: "/" },
  { name: "Fastify on @seaworthy/service", command: node("peers/serve-seaworthy.mjs"), path: "/" },
  { name: "apps/httpserver, /version", command: node("../apps/httpserver/src/main.mjs"), path: "/version" },
  { name: "Fastify, its logger, prom-client", command: node("peers/serve-fastify-usual.mjs"), path: "/" },
  {
    name: "Express, pino-http, prom-client, terminus",
    command: node("peers/serve-express-usual.mjs"),
    path: "/",
  },
  { name: "podinfo, /version", command: [podinfo, "--level=info"], path: "/version" },
];

const numbers = process.argv
  .slice(2)
  .filter((argument) => /^\d+$/.test(argument))
  .map(Number);
const [rounds = 5, bursts = 10] = numbers;
const only = process.argv.indexOf("--only");

if (spawnSync("wrk", ["--version"]).error !== undefined) {
  process.stderr.write("skipped: wrk is not on the PATH\n");
} else if (installPeers()) {
  await buildPackage("service", path.resolve(import.meta.dirname, "../packages/service/dist"));
  await bench();
}

async function bench(): Promise<void> {
  const chosen = all.filter(({ name, command }) => {
    if (only > 0 && name !== baseline && !name.includes(process.argv[only + 1] ?? "")) return false;
    if (command[0] === podinfo && !existsSync(podinfo)) {
      process.stderr.write(`skipped: ${name}: no ${podinfo}; set PODINFO\n`);
      return false;
    }
    return true;
  });
  const folder = mkdtempSync(path.join(tmpdir(), "seaworthy-bench-"));
  const samples = new Map(chosen.map((candidate) => [candidate.name, noSamples()]));
  // Once, to a clean end: whoever keeps compiled code has it from here on, as from the second start of a container image.
  for (const candidate of chosen) await warmUp(candidate);
  const stolen: number[] = [];
  for (let round = 0; round < rounds; round++) stolen.push(...(await playRound(chosen, samples, folder)));
  rmSync(folder, { recursive: true });
  print(samples, stolen);
}

function noSamples(): Samples {
  return { startMs: [], idleMiB: [], loadMiB: [], perCpuSecond: [], p99Ms: [] };
}

async function warmUp(candidate: Candidate): Promise<void> {
  const child = start(candidate, firstPort, "ignore");
  await untilListening(child, firstPort);
  child.kill("SIGTERM");
  await once(child, "exit");
}

/** Gives the share of the machine's time that the host took in each turn. */
async function playRound(
  chosen: readonly Candidate[],
  samples: ReadonlyMap<string, Samples>,
  folder: string,
): Promise<readonly number[]> {
  const running: Running[] = [];
  const stolen: number[] = [];
  for (const [index, candidate] of chosen.entries()) {
    running.push(await bringUp(candidate, firstPort + index, folder));
  }
  for (const each of running) await load(each, 3);
  for (let burst = 0; burst < bursts; burst++) {
    const before = readTimes();
    // Always in the same order: back and forth, the first and the last would run twice in a row, and the second time is quicker.
    for (const each of running) {
      const cpuBefore = cpuSeconds(each.child);
      const { requests, p99Ms } = await load(each, 1);
      const of = samples.get(each.candidate.name);
      of?.perCpuSecond.push(requests / (cpuSeconds(each.child) - cpuBefore));
      of?.p99Ms.push(p99Ms);
    }
    stolen.push(stolenShare(before, readTimes()));
  }
  for (const { candidate, child, startMs, idleMiB } of running) {
    const of = samples.get(candidate.name);
    of?.startMs.push(startMs);
    of?.idleMiB.push(idleMiB);
    of?.loadMiB.push(memoryMib(child.pid!, "VmRSS"));
    const exited = once(child, "exit");
    child.kill("SIGKILL");
    await exited;
  }
  return stolen;
}

async function bringUp(candidate: Candidate, port: number, folder: string): Promise<Running> {
  const log = openSync(path.join(folder, `${port}`), "w");
  const started = performance.now();
  const child = start(candidate, port, log);
  closeSync(log);
  await untilListening(child, port);
  const startMs = performance.now() - started;
  await sleep(500);
  return { candidate, port, child, startMs, idleMiB: memoryMib(child.pid!, "VmRSS") };
}

function start({ command }: Candidate, port: number, stdout: number | "ignore"): ChildProcess {
  const [program = "", ...args] = command[0] === podinfo ? [...command, `--port=${port}`] : command;
  const { PATH, HOME } = process.env;
  const env = { PATH, HOME, PORT: String(port), NODE_ENV: "production", DRAIN_MS: "0", QUIET_MS: "0" };
  return spawn(program, args, { env, stdio: ["ignore", stdout, stdout] });
}

async function untilListening(child: ChildProcess, port: number): Promise<void> {
  while (child.exitCode === null) {
    if (await canConnect(port)) return;
    await sleep(2);
  }
  throw new Error(`${child.spawnfile} ended with ${child.exitCode}`);
}

async function load(
  { candidate, port }: Running,
  forSeconds: number,
): Promise<{ requests: number; p99Ms: number }> {
  const url = `http://127.0.0.1:${port}${candidate.path}`;
  const wrk = spawn("wrk", ["-t1", "-c32", `-d${forSeconds}s`, "--latency", url], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const text = (await wrk.stdout.setEncoding("utf8").toArray()).join("");
  if (/Non-2xx|Socket errors/.test(text)) throw new Error(text);
  const [, value = "", unit] = /99%\s+([\d.]+)(us|ms|s)/.exec(text) ?? [];
  const p99Ms = Number(value) * (unit === "us" ? 0.001 : unit === "s" ? 1_000 : 1);
  return { requests: Number(/(\d+) requests in/.exec(text)?.[1]), p99Ms };
}

/** Of all its threads: /proc/PID/task/TID/schedstat counts in nanoseconds. */
function cpuSeconds({ pid }: ChildProcess): number {
  const threads = readdirSync(`/proc/${pid}/task`);
  const ofThread = (tid: string): number =>
    Number(readFileSync(`/proc/${pid}/task/${tid}/schedstat`, "utf8").split(" ")[0]);
  return threads.reduce((sum, tid) => sum + ofThread(tid), 0) / 1e9;
}

function print(samples: ReadonlyMap<string, Samples>, stolen: readonly number[]): void {
  const limit = median(stolen);
  const isCalm = (_: unknown, turn: number): boolean => (stolen[turn] ?? 0) <= limit;
  const valuesOf = (name: string, of: keyof Samples): readonly number[] => samples.get(name)?.[of] ?? [];
  const cell = (mine: readonly number[], base: readonly number[], digits: number): string => {
    const ratio = median(mine.map((value, at) => value / (base[at] ?? value)));
    return `${median(mine).toFixed(digits)} (${ratio.toFixed(2)})`;
  };
  const ofStarts = (name: string, of: keyof StartSamples, digits: number): string =>
    cell(valuesOf(name, of), valuesOf(baseline, of), digits);
  const ofCalmTurns = (name: string, of: keyof TurnSamples, digits: number): string =>
    cell(valuesOf(name, of).filter(isCalm), valuesOf(baseline, of).filter(isCalm), digits);
  process.stdout.write(
    "| candidate | requests per CPU-second | p99 ms | start to listening ms | idle RSS MiB | RSS under load MiB |\n|---|---|---|---|---|---|\n",
  );
  for (const name of samples.keys()) {
    const cells = [
      ofCalmTurns(name, "perCpuSecond", 0),
      ofCalmTurns(name, "p99Ms", 1),
      ofStarts(name, "startMs", 0),
      ofStarts(name, "idleMiB", 0),
      ofStarts(name, "loadMiB", 0),
    ];
    process.stdout.write(`| ${name} | ${cells.join(" | ")} |\n`);
  }
  const percent = (share = 0): string => `${(100 * share).toFixed(0)} %`;
  process.stdout.write(
    `\nMedians of ${rounds} starts, and of the calmer half of ${rounds * bursts} turns of a second for each; in brackets the median of the ratios to ${baseline}.\n` +
      `The host took ${percent(stolen.toSorted((a, b) => a - b)[0])} to ${percent(limit)} of the machine's time in that half, and up to ${percent(Math.max(...stolen))} in the other.\n`,
  );
}
