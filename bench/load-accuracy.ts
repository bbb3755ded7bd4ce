/**
 * How exactly the load generator keeps its schedule and tells latencies: the achieved rate and the send lag against nginx,
 * and the high percentiles against a server that stalls for 1 s every 10 s, whose truth can be computed.
 *
 * usage: node bench/load-accuracy.ts [ROUNDS] [SECONDS] [--only rate|stall]
 */
import { fork } from "node:child_process";
import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { fileURLToPath } from "node:url";
import {
  createPlan,
  epochMs,
  type LoadReport,
  type Pace,
  startLoad,
  steadyPace,
  targetOf,
} from "@seaworthy/load";
import { readRequests } from "../packages/load/src/testing/read-requests.ts";
import { askClosedLoop, type Percentiles } from "./peers/closed-loops.ts";
import { findLoadTool } from "./peers/find-load-tool.ts";
import { startNginx } from "./peers/start-nginx.ts";
import { readTimes, stolenShare } from "./peers/stolen-share.ts";

/** A time in which the server answered nothing; milliseconds since the epoch, as the load generator tells them. */
interface Stall {
  readonly from: number;
  readonly to: number;
}

const serverFlag = "--stalling-server";
const bareFlag = "--bare-loop";
const everyMs = 10_000;
const stallMs = 1_000;
/** A loop that does nothing has nothing to warm up. */
const mostBareSeconds = 3;
const stallRate = 200;
const stallSeconds = 40;
const numbers = process.argv
  .slice(2)
  .filter((argument) => /^\d+$/.test(argument))
  .map(Number);
const [rounds = 3, seconds = 10] = numbers;
const only = process.argv.indexOf("--only");

if (process.argv[2] === serverFlag) serveWithStalls();
else if (process.argv[2] === bareFlag)
  loopBare(process.argv[3] === "true", Number(process.argv[4]), Number(process.argv[5]));
else {
  if (only < 0 || process.argv[only + 1] === "rate") await benchRate();
  if (only < 0 || process.argv[only + 1] === "stall") await benchStalls();
}

async function benchRate(): Promise<void> {
  await using nginx = await startNginx();
  if (nginx === undefined) return;
  out(
    "| requests/s | workers | precise | rate error % | send lag p50 ms | p99 ms | p99 ms of a bare loop | stolen by the host % | failed or unsent | runs valid |",
  );
  out("|---|---|---|---|---|---|---|---|---|---|");
  for (const { rate, workers } of [
    { rate: 1_000, workers: 1 },
    { rate: 5_000, workers: 1 },
    { rate: 20_000, workers: 1 },
    { rate: 20_000, workers: 2 },
  ]) {
    for (const precise of [false, true]) {
      const reports: LoadReport[] = [];
      const bare: number[] = [];
      const stolen: number[] = [];
      for (let round = 0; round < rounds; round++) {
        bare.push(await lagOfBareLoop(precise, rate));
        const before = readTimes();
        reports.push(await runOurs(nginx.url, steadyPace(rate, seconds * 1_000), { workers, precise }));
        stolen.push(stolenShare(before, readTimes()));
      }
      out(`| ${rate} | ${workers} | ${precise ? "yes" : "no"} | ${rateCells(reports, rate, bare, stolen)} |`);
    }
  }
  out(`\nMedians of ${rounds} runs of ${seconds} s; in brackets the best run.\n`);
}

function rateCells(
  reports: readonly LoadReport[],
  rate: number,
  bare: readonly number[],
  stolen: readonly number[],
): string {
  return [
    middleAndBest(reports.map((report) => Math.abs(report.rate.achieved / rate - 1) * 100)),
    middleAndBest(reports.map(({ generator }) => generator.lagP50Ms)),
    middleAndBest(reports.map(({ generator }) => generator.lagP99Ms)),
    middleAndBest(bare),
    stolen.map((share) => (100 * share).toFixed(0)).join(", "),
    reports.map(({ failed, unsent }) => failed + unsent).join(", "),
    `${reports.filter(({ generator }) => generator.valid).length} of ${reports.length}`,
  ].join(" | ");
}

function middleAndBest(values: readonly number[]): string {
  const sorted = values.toSorted((a, b) => a - b);
  return `${sorted[Math.floor(sorted.length / 2)]?.toFixed(3)} (${sorted[0]?.toFixed(3)})`;
}

/** How late the machine lets a Node process be that does nothing but look at the clock: nobody who sends besides can be better. */
async function lagOfBareLoop(precise: boolean, rate: number): Promise<number> {
  const args = [bareFlag, `${precise}`, `${rate}`, `${Math.min(seconds, mostBareSeconds)}`];
  const child = fork(fileURLToPath(import.meta.url), args, { execArgv: [] });
  const [[lag]] = (await Promise.all([once(child, "message"), once(child, "exit")])) as [[number], unknown];
  return lag;
}

async function benchStalls(): Promise<void> {
  out("| client | p99 ms | truth of that run | ratio | p99.9 ms | truth of that run | ratio |");
  out("|---|---|---|---|---|---|---|");
  const open = steadyPace(stallRate, stallSeconds * 1_000);
  const closed: Pace = { kind: "closed", concurrency: 10, durationMs: stallSeconds * 1_000 };
  await benchStall(`seaworthy, open loop, ${stallRate}/s`, async (url) => ofReport(await runOurs(url, open)));
  await benchStall("seaworthy, closed loop, 10 clients", async (url) => ofReport(await runOurs(url, closed)));
  for (const tool of ["wrk", "hey", "fortio"] as const) {
    const command = findLoadTool(tool);
    if (command === undefined) continue;
    const told = { rate: stallRate, seconds: stallSeconds };
    await benchStall(`${tool}, 10 connections`, async (url) =>
      askClosedLoop(tool, command, { url, ...told }),
    );
  }
}

/** Sends requests to a server of its own, and sets what the client says beside what a request at any time met. */
async function benchStall(
  name: string,
  ask: (url: string) => Promise<Percentiles & { startedAt?: number }>,
): Promise<void> {
  const server = fork(fileURLToPath(import.meta.url), [serverFlag], { execArgv: [] });
  const [port] = (await once(server, "message")) as [number];
  const askedAt = epochMs();
  const said = await ask(`http://127.0.0.1:${port}/`);
  server.send("stalls");
  const [stalls] = (await once(server, "message")) as [readonly Stall[]];
  server.kill();
  const truth = truthOf(stalls, said.startedAt ?? askedAt);
  const cells = (["p99", "p999"] as const).map(
    (which) =>
      `${said[which].toFixed(1)} | ${truth[which].toFixed(1)} | ${(said[which] / truth[which]).toFixed(3)}`,
  );
  out(`| ${name} | ${cells.join(" | ")} |`);
}

/** The latency of requests at even times: until the end of the stall for who comes into one, and next to nothing else. */
function truthOf(stalls: readonly Stall[], startedAt: number): Percentiles {
  const latencies = Array.from({ length: stallRate * stallSeconds }, (_, i) => {
    const at = startedAt + (i * 1_000) / stallRate;
    const stall = stalls.find(({ from, to }) => at >= from && at < to);
    return stall === undefined ? 0 : stall.to - at;
  }).sort((a, b) => a - b);
  const rank = (share: number): number => latencies[Math.ceil(latencies.length * share) - 1] ?? Number.NaN;
  return { p99: rank(0.99), p999: rank(0.999) };
}

async function runOurs(
  url: string,
  pace: Pace,
  more: { workers?: number; precise?: boolean } = {},
): Promise<LoadReport> {
  const plan = createPlan({ targets: [targetOf(url)], pace, keepAliveConnections: 32, ...more });
  await using run = await startLoad(plan);
  return await run.report;
}

function ofReport({ latency, startedAt }: LoadReport): Percentiles & { startedAt: number } {
  return { p99: latency.p99Ms, p999: latency.p999Ms, startedAt };
}

/** The server: answers at once, but for 1 s in every 10, at whose end it answers all who came meanwhile. It ends with its parent. */
function serveWithStalls(): void {
  const stalls: Stall[] = [];
  const waiting: Socket[] = [];
  let stalling = false;
  const answer = (socket: Socket): boolean => socket.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
  const server = createServer({ noDelay: true }, (socket) => {
    socket.on("error", () => undefined);
    readRequests(socket, () => {
      if (stalling) waiting.push(socket);
      else answer(socket);
    });
  });
  const stall = (): void => {
    const from = epochMs();
    stalling = true;
    setTimeout(() => {
      stalling = false;
      stalls.push({ from, to: epochMs() });
      for (const socket of waiting.splice(0)) answer(socket);
    }, stallMs);
  };
  setTimeout(() => {
    stall();
    setInterval(stall, everyMs);
  }, everyMs / 2);
  server.listen({ port: 0, host: "127.0.0.1", backlog: 4_096 }, () =>
    process.send?.((server.address() as AddressInfo).port),
  );
  process.on("message", () => process.send?.(stalls));
  process.on("disconnect", () => process.exit(0));
}

/** The loop of the load generator without requests: tells the 99th percentile of how late it comes to each. */
function loopBare(precise: boolean, rate: number, forSeconds: number): void {
  const lags = new Float64Array(rate * forSeconds);
  const startAt = performance.now() + 50;
  let next = 0;
  const dueAt = (): number => startAt + (next * 1_000) / rate;
  const arm = (): void => {
    if (precise && dueAt() - performance.now() < 1.6) setImmediate(turn);
    else setTimeout(() => setImmediate(turn), 1);
  };
  const turn = (): void => {
    for (; next < lags.length; next++) {
      const lag = performance.now() - dueAt();
      if (lag < 0) break;
      lags[next] = lag;
    }
    if (next < lags.length) return arm();
    process.send?.(lags.sort()[Math.ceil(lags.length * 0.99) - 1], () => process.disconnect());
  };
  arm();
}

function out(line: string): void {
  process.stdout.write(`${line}\n`);
}
