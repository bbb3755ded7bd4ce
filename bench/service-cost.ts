/**
 * What observability costs: requests per CPU-second, p99, memory and time to start of the library, of the reference
 * server, and of what others use, each round in turn, so that a slow hour of the machine is slow for all.
 *
 * usage: node bench/service-cost.ts [ROUNDS] [SECONDS] [--only TEXT]
 */
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { canConnect } from "./peers/can-connect.ts";
import { installPeers } from "./peers/install-peers.ts";

interface Candidate {
  readonly name: string;
  readonly command: readonly string[];
  readonly path: string;
}

interface Sample {
  readonly perCpuSecond: number;
  readonly p99Ms: number;
  readonly startMs: number;
  readonly idleMiB: number;
  readonly loadMiB: number;
}

const port = 19_080;
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
  { name: "podinfo, /version", command: [podinfo, `--port=${port}`, "--level=info"], path: "/version" },
];

const numbers = process.argv
  .slice(2)
  .filter((argument) => /^\d+$/.test(argument))
  .map(Number);
const [rounds = 5, seconds = 4] = numbers;
const only = process.argv.indexOf("--only");

if (spawnSync("wrk", ["--version"]).error !== undefined) {
  process.stderr.write("skipped: wrk is not on the PATH\n");
} else if (installPeers()) {
  await import("../scripts/build-service.ts");
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
  const samples = new Map<string, Sample[]>(chosen.map(({ name }) => [name, []]));
  // Once, to a clean end: whoever keeps compiled code has it from here on, as from the second start of a container image.
  for (const candidate of chosen) await warmUp(candidate);
  for (let round = 0; round < rounds; round++) {
    for (const candidate of chosen) samples.get(candidate.name)?.push(await measure(candidate, folder));
  }
  rmSync(folder, { recursive: true });
  print(samples);
}

async function warmUp(candidate: Candidate): Promise<void> {
  const child = start(candidate, "ignore");
  await untilListening(child);
  child.kill("SIGTERM");
  await once(child, "exit");
}

async function measure(candidate: Candidate, folder: string): Promise<Sample> {
  const log = openSync(path.join(folder, "stdout"), "w");
  const started = performance.now();
  const child = start(candidate, log);
  closeSync(log);
  await untilListening(child);
  const startMs = performance.now() - started;
  await sleep(500);
  const idleMiB = residentMiB(child);
  await load(candidate.path, 3);
  const cpuBefore = cpuSeconds(child);
  const { requests, p99Ms } = await load(candidate.path, seconds);
  const cpu = cpuSeconds(child) - cpuBefore;
  const loadMiB = residentMiB(child);
  const exited = once(child, "exit");
  child.kill("SIGKILL");
  await exited;
  return { perCpuSecond: requests / cpu, p99Ms, startMs, idleMiB, loadMiB };
}

function start({ command }: Candidate, stdout: number | "ignore"): ChildProcess {
  const [program = "", ...args] = command;
  const { PATH, HOME } = process.env;
  const env = { PATH, HOME, PORT: String(port), NODE_ENV: "production", DRAIN_MS: "0", QUIET_MS: "0" };
  return spawn(program, args, { env, stdio: ["ignore", stdout, stdout] });
}

async function untilListening(child: ChildProcess): Promise<void> {
  while (child.exitCode === null) {
    if (await canConnect(port)) return;
    await sleep(2);
  }
  throw new Error(`${child.spawnfile} ended with ${child.exitCode}`);
}

async function load(target: string, forSeconds: number): Promise<{ requests: number; p99Ms: number }> {
  const url = `http://127.0.0.1:${port}${target}`;
  const wrk = spawn("wrk", ["-t1", "-c32", `-d${forSeconds}s`, "--latency", url], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const text = (await wrk.stdout.setEncoding("utf8").toArray()).join("");
  if (/Non-2xx|Socket errors/.test(text)) throw new Error(text);
  const [, value = "", unit] = /99%\s+([\d.]+)(us|ms|s)/.exec(text) ?? [];
  const p99Ms = Number(value) * (unit === "us" ? 0.001 : unit === "s" ? 1_000 : 1);
  return { requests: Number(/(\d+) requests in/.exec(text)?.[1]), p99Ms };
}

/** Linux counts in hundredths of a second: proc(5). */
function cpuSeconds({ pid }: ChildProcess): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

function residentMiB({ pid }: ChildProcess): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) / 1024;
}

function print(samples: ReadonlyMap<string, readonly Sample[]>): void {
  const base = samples.get(baseline) ?? [];
  const cell = (name: string, of: (sample: Sample) => number, digits: number): string => {
    const mine = samples.get(name) ?? [];
    const ratio = median(mine.map((sample, round) => of(sample) / of(base[round] ?? sample)));
    return `${median(mine.map(of)).toFixed(digits)} (${ratio.toFixed(2)})`;
  };
  process.stdout.write(
    "| candidate | requests per CPU-second | p99 ms | start to listening ms | idle RSS MiB | RSS under load MiB |\n|---|---|---|---|---|---|\n",
  );
  for (const name of samples.keys()) {
    const cells = [
      cell(name, ({ perCpuSecond }) => perCpuSecond, 0),
      cell(name, ({ p99Ms }) => p99Ms, 1),
      cell(name, ({ startMs }) => startMs, 0),
      cell(name, ({ idleMiB }) => idleMiB, 0),
      cell(name, ({ loadMiB }) => loadMiB, 0),
    ];
    process.stdout.write(`| ${name} | ${cells.join(" | ")} |\n`);
  }
  process.stdout.write(
    `\nMedians of ${rounds} rounds; in brackets the median of the rounds' ratios to ${baseline}.\n`,
  );
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}
