/**
 * Times `seaworthy up` from the command to the first 200 through the Ingress, for 1 and for 10 replicas,
 * against starting the same server as a plain process, and samples the peak memory of the cluster process.
 *
 * usage: node bench/first-answer.ts [RUNS]
 */
import { spawn, type ChildProcess } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { median } from "./measured/median.ts";
import { memoryMib } from "./measured/memory-mib.ts";

const runs = Number(process.argv[2] ?? 5);
const ingressPort = 38_080;
const plainPort = 38_081;

const plain = await repeat(runs, () => timePlainProcess());
process.stdout.write(
  `| what | median ms of ${runs} | × plain process | peak RSS of the cluster process, MiB |\n|---|---|---|---|\n`,
);
row("node apps/httpserver, as a plain process", plain);
for (const replicas of [1, 10])
  row(`seaworthy up, ${replicas} replicas, first 200`, await repeat(runs, () => timeUp(replicas)));

function row(name: string, samples: readonly Sample[]): void {
  const ms = median(samples.map((sample) => sample.ms));
  const ratio = ms / median(plain.map((sample) => sample.ms));
  const memory = Math.max(...samples.map((sample) => sample.peakMib));
  process.stdout.write(
    `| ${name} | ${ms.toFixed(0)} | ${ratio.toFixed(1)} | ${memory === 0 ? "–" : memory.toFixed(0)} |\n`,
  );
}

interface Sample {
  readonly ms: number;
  readonly peakMib: number;
}

async function timePlainProcess(): Promise<Sample> {
  const started = performance.now();
  const child = spawn(process.execPath, ["apps/httpserver/src/main.mjs"], {
    env: { ...process.env, PORT: String(plainPort) },
    stdio: "ignore",
  });
  await firstAnswer(plainPort, "localhost", "/healthz", child);
  const ms = performance.now() - started;
  await end(child);
  return { ms, peakMib: 0 };
}

async function timeUp(replicas: number): Promise<Sample> {
  const folder = mkdtempSync(join(tmpdir(), "seaworthy-bench-"));
  cpSync("apps/httpserver/k8s", join(folder, "k8s"), { recursive: true });
  for (const file of readdirSync(join(folder, "k8s"))) {
    const path = join(folder, "k8s", file);
    writeFileSync(path, readFileSync(path, "utf8").replace(/replicas: \d+/, `replicas: ${replicas}`));
  }
  const started = performance.now();
  const run = `seaworthy.dev/httpserver=${process.execPath} ${resolve("apps/httpserver/src/main.mjs")}`;
  const child = spawn(
    process.execPath,
    ["packages/cli/src/main.mjs", "up", join(folder, "k8s"), "--run", run, "--port", String(ingressPort)],
    { stdio: "ignore" },
  );
  await firstAnswer(ingressPort, "httpserver.localhost", "/healthz", child);
  const ms = performance.now() - started;
  const peakMib = memoryMib(child.pid ?? 0, "VmHWM");
  await end(child);
  rmSync(folder, { recursive: true, force: true });
  return { ms, peakMib };
}

/** Asks every 5 ms until a 200 comes, at most 60 s. */
async function firstAnswer(port: number, host: string, path: string, child: ChildProcess): Promise<void> {
  const deadline = performance.now() + 60_000;
  while (performance.now() < deadline) {
    if (child.exitCode !== null)
      throw new Error(`the process ended with ${child.exitCode} before it answered`);
    if ((await statusOf(port, host, path)) === 200) return;
    await sleep(5);
  }
  throw new Error("no 200 within 60 s");
}

function statusOf(port: number, host: string, path: string): Promise<number | undefined> {
  return new Promise((settle) => {
    request({ host: "127.0.0.1", port, path, headers: { host }, agent: false }, (answer) => {
      answer.resume();
      settle(answer.statusCode);
    })
      .on("error", () => {
        settle(undefined);
      })
      .end();
  });
}

async function end(child: ChildProcess): Promise<void> {
  const ended = new Promise((settle) => child.once("exit", settle));
  child.kill("SIGTERM");
  const forced = setTimeout(() => child.kill("SIGKILL"), 15_000);
  await ended;
  clearTimeout(forced);
}

async function repeat(count: number, measure: () => Promise<Sample>): Promise<Sample[]> {
  const samples: Sample[] = [];
  for (let index = 0; index < count; index++) samples.push(await measure());
  return samples;
}
