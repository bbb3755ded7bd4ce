/**
 * What a request costs the load generator and its peers: requests per CPU-second, the highest rate on one core, and peak
 * memory, each closed-loop over 32 connections to an nginx that has the other core to itself. The server counts the
 * requests and the kernel the time, in a window behind a warm-up, so that all are measured alike.
 *
 * usage: node bench/load-speed.ts [ROUNDS] [SECONDS] [--only TOOL]
 */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { globSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { findLoadTool, type LoadTool } from "./peers/find-load-tool.ts";
import { type Nginx, startNginx } from "./peers/start-nginx.ts";
import { median } from "./measured/median.ts";
import { memoryMib } from "./measured/memory-mib.ts";

interface Candidate {
  readonly name: string;
  readonly command: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

interface Sample {
  readonly perSecond: number;
  readonly perCpuSecond: number;
  readonly peakMiB: number;
}

const connections = 32;
const warmUpMs = 5_000;
/** Longer than any window: the bench ends every tool when it has measured it. */
const runSeconds = 60;
const baseline = "wrk -t1";
const cpus = { server: 0, tool: 1 };
const here = (file: string): string => fileURLToPath(new URL(file, import.meta.url));

const numbers = process.argv
  .slice(2)
  .filter((argument) => /^\d+$/.test(argument))
  .map(Number);
const [rounds = 5, seconds = 5] = numbers;
const only = process.argv.indexOf("--only");

if (spawnSync("taskset", ["--version"]).error !== undefined)
  process.stderr.write("skipped: taskset is not on the PATH\n");
else await bench();

async function bench(): Promise<void> {
  await using nginx = await startNginx(cpus.server);
  if (nginx === undefined) return;
  const candidates = findCandidates(nginx);
  const samples = new Map<string, Sample[]>(candidates.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const candidate of candidates) samples.get(candidate.name)?.push(await measure(candidate, nginx));
  }
  print(samples);
}

function findCandidates({ url, port }: Nginx): readonly Candidate[] {
  const oneThread = { GOMAXPROCS: "1" };
  const c = `${connections}`;
  const s = `${runSeconds}s`;
  const peers: readonly (readonly [LoadTool, readonly string[]])[] = [
    ["wrk", ["-t1", `-c${c}`, `-d${s}`, url]],
    ["oha", ["--no-tui", "-z", s, "-c", c, url]],
    ["fortio", ["load", "-quiet", "-qps", "0", "-c", c, "-t", s, url]],
    ["autocannon", ["--no-progress", "-c", c, "-d", `${runSeconds}`, url]],
    ["hey", ["-z", s, "-c", c, url]],
    ["k6", ["run", "--quiet", here("peers/speed-k6.mjs")]],
  ];
  const found = peers.flatMap(([tool, args]): readonly Candidate[] => {
    const command = findLoadTool(tool);
    if (command === undefined) return [];
    const name = tool === "wrk" ? baseline : tool;
    return [{ name, command: [...command, ...args], env: { ...oneThread, URL: url } }];
  });
  const ours = ["load", url, "--concurrency", c, "--connections", c, "--duration", s, "--workers", "1"];
  const all: readonly Candidate[] = [
    ...found,
    { name: "seaworthy load", command: [process.execPath, here("../packages/cli/src/main.mjs"), ...ours] },
    {
      name: "bare Node sockets",
      command: [process.execPath, here("peers/ask-bare.mjs"), `${port}`, `${connections}`],
    },
  ];
  return all.filter(
    ({ name }) => only < 0 || name === baseline || name.includes(process.argv[only + 1] ?? ""),
  );
}

async function measure({ command, env }: Candidate, nginx: Nginx): Promise<Sample> {
  const { PATH, HOME } = process.env;
  const child = spawn("taskset", ["-c", `${cpus.tool}`, ...command], {
    env: { PATH, HOME, ...env },
    stdio: ["ignore", "ignore", "inherit"],
  });
  const exited = once(child, "exit");
  await sleep(warmUpMs);
  const before = await snapshot(child, nginx);
  await sleep(seconds * 1_000);
  const after = await snapshot(child, nginx);
  if (child.exitCode !== null) throw new Error(`${command.join(" ")} ended with ${child.exitCode}`);
  const peakMiB = sum(processTree(child.pid ?? 0).map((pid) => memoryMib(pid, "VmHWM")));
  child.kill("SIGKILL");
  await exited;
  // The question after the requests was one itself.
  const requests = after.requests - before.requests - 1;
  return {
    perSecond: requests / (after.atSeconds - before.atSeconds),
    perCpuSecond: requests / (after.cpuSeconds - before.cpuSeconds),
    peakMiB,
  };
}

async function snapshot(
  { pid = 0 }: ChildProcess,
  nginx: Nginx,
): Promise<{ requests: number; cpuSeconds: number; atSeconds: number }> {
  const requests = await nginx.requests();
  const cpuSeconds = sum(processTree(pid).map(cpuSecondsOf));
  return { requests, cpuSeconds, atSeconds: performance.now() / 1_000 };
}

/** A process with all its descendants. */
function processTree(pid: number): readonly number[] {
  const children = globSync(`/proc/${pid}/task/*/children`).flatMap((file) =>
    readFileSync(file, "utf8").split(" ").filter(Boolean).map(Number),
  );
  return [pid, ...children.flatMap(processTree)];
}

/** Linux counts in hundredths of a second: proc(5). */
function cpuSecondsOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

function print(samples: ReadonlyMap<string, readonly Sample[]>): void {
  const base = samples.get(baseline) ?? [];
  const cell = (mine: readonly Sample[], of: (sample: Sample) => number, unit: number): string => {
    const ratio = median(mine.map((sample, round) => of(sample) / of(base[round] ?? sample)));
    return `${(median(mine.map(of)) / unit).toFixed(1)} (${ratio.toFixed(2)})`;
  };
  out("| tool | thousand requests per CPU-second | thousand requests/s on one core | peak RSS MiB |");
  out("|---|---|---|---|");
  for (const [name, mine] of samples) {
    const memory = median(mine.map(({ peakMiB }) => peakMiB)).toFixed(0);
    const perCpuSecond = cell(mine, (sample) => sample.perCpuSecond, 1_000);
    out(`| ${name} | ${perCpuSecond} | ${cell(mine, ({ perSecond }) => perSecond, 1_000)} | ${memory} |`);
  }
  out(`\nMedians of ${rounds} rounds; in brackets the median of the rounds' ratios to ${baseline}.`);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function out(line: string): void {
  process.stdout.write(`${line}\n`);
}
