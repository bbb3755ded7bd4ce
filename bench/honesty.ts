/**
 * Shows a server that breaks an exact number of requests to the load generator and to its peers, and prints what each
 * reports. With SEEDS, first makes so many runs of the load generator alone, which must count every class exactly.
 *
 * usage: node bench/honesty.ts [SEEDS] [--only TOOL]
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { isDeepStrictEqual } from "node:util";
import { type Fault, faults } from "../packages/load/src/testing/draw-faults.ts";
import { type FaultCounts, startFaultServer } from "../packages/load/src/testing/fault-server.ts";
import {
  brokenByServer,
  failedInReport,
  faultRun,
  runFaults,
} from "../packages/load/src/testing/run-faults.ts";
import { findLoadTool, type LoadTool } from "./peers/find-load-tool.ts";
import { type Claim, commandLine, runTool, type Task } from "./peers/load-tool-runs.ts";

interface Mode {
  readonly title: string;
  readonly method: "GET" | "POST";
  readonly newConnections: boolean;
}

/** A tool's name and what it said, or why it said nothing, beside what the server did. */
interface Row {
  readonly fault: Fault;
  readonly tool: string;
  readonly asked: number | undefined;
  readonly server: FaultCounts;
  readonly claim: Claim | string;
}

const requests = 2_000;
const connections = 10;
const each = 50;
const seed = 1;
const modes: readonly Mode[] = [
  { title: "GET over keep-alive connections", method: "GET", newConnections: false },
  { title: "POST over keep-alive connections", method: "POST", newConnections: false },
  { title: "GET, a new connection for each", method: "GET", newConnections: true },
];
/** A wrong body is a failure only to who was told what to expect. */
const shown = faults.filter((fault) => fault !== "failed-expectation");
const tools: readonly LoadTool[] = ["fortio", "k6", "vegeta", "hey", "wrk", "autocannon", "oha"];
const ours = "seaworthy load";
const only = process.argv.indexOf("--only");
const folder = mkdtempSync(path.join(tmpdir(), "seaworthy-honesty-"));

const seeds = Number(process.argv[2]);
if (seeds > 0) await proveOurs(seeds);
const commands = findTools();
for (const mode of modes) await compare(mode);
printCommands();
rmSync(folder, { recursive: true });

/** Acceptance of the load generator: every class, by method and connection, as often as the server says, for each seed. */
async function proveOurs(runs: number): Promise<void> {
  let exact = 0;
  let broken = 0;
  for (let run = 0; run < runs; run++) {
    const client = run % 2 === 0 ? "keep-alive" : "new-connection";
    const outcome = await runFaults({ client, seed: run + 1 });
    const counted = isDeepStrictEqual(failedInReport(outcome), brokenByServer(outcome));
    const { classes, ok, generator } = outcome.report;
    const asMany = faults.every((fault) => classes[fault] === faultRun.each);
    const once = outcome.server.requests === faultRun.requests;
    broken += faultRun.requests - ok;
    if (counted && asMany && once && generator.valid) exact++;
    else process.stderr.write(`seed ${run + 1}, ${client}: ${JSON.stringify({ classes, ok, generator })}\n`);
  }
  out(
    `${exact} of ${runs} runs were exact, in every class: ${broken} of ${runs * faultRun.requests} requests broken.\n`,
  );
}

function findTools(): ReadonlyMap<LoadTool, readonly string[]> {
  const wanted = tools.filter((tool) => only < 0 || process.argv[only + 1] === tool);
  return new Map(
    wanted.flatMap((tool) => {
      const command = findLoadTool(tool);
      return command === undefined ? [] : [[tool, command]];
    }),
  );
}

async function compare(mode: Mode): Promise<void> {
  const rows: Row[] = [];
  for (const fault of shown) {
    if (only < 0) rows.push(await runOurs(mode, fault));
    for (const [tool, command] of commands) rows.push(await runPeer(tool, command, mode, fault));
  }
  out(`\n## ${mode.title}\n`);
  printHidden(rows);
  printRows(rows);
}

async function runOurs({ method, newConnections }: Mode, fault: Fault): Promise<Row> {
  const client = newConnections ? "new-connection" : "keep-alive";
  const { report, server } = await runFaults({
    client,
    seed,
    methods: [method],
    requests,
    numbers: { [fault]: each },
  });
  return {
    fault,
    tool: ours,
    asked: requests,
    server,
    claim: { requests: report.scheduled, failed: report.failed },
  };
}

async function runPeer(tool: LoadTool, command: readonly string[], mode: Mode, fault: Fault): Promise<Row> {
  await using server = await startFaultServer({ requests, numbers: { [fault]: each }, seed });
  const claim = runTool(tool, command, taskOf(mode, server.ports.http));
  return { fault, tool, asked: tool === "wrk" ? undefined : requests, server: await server.counts(), claim };
}

function taskOf({ method, newConnections }: Mode, port: number): Task {
  return { url: `http://127.0.0.1:${port}/`, method, newConnections, requests, connections, folder };
}

/** The overview: a line for each tool, and in it what it hid of each fault. */
function printHidden(rows: readonly Row[]): void {
  out(`| hidden, of ${each} each | ${shown.join(" | ")} |\n|---|${shown.map(() => "---|").join("")}`);
  for (const tool of new Set(rows.map((row) => row.tool))) {
    const cells = shown.map((fault) => hidden(rows.find((row) => row.tool === tool && row.fault === fault)));
    out(`| ${tool} | ${cells.join(" | ")} |`);
  }
}

function printRows(rows: readonly Row[]): void {
  out(
    "\n| fault | tool | asked | server saw | broken by server | of these on used connections | reported failed | of requests | hidden |",
  );
  out("|---|---|---|---|---|---|---|---|---|");
  for (const row of rows) {
    const { fault, tool, asked, server, claim } = row;
    const reported = typeof claim === "string" ? "– | –" : `${claim.failed} | ${claim.requests}`;
    const done = `${asked ?? "for 3 s"} | ${server.requests} | ${broken(row)} | ${broken(row, true)}`;
    out(`| ${fault} | ${tool} | ${done} | ${reported} | ${hidden(row)} |`);
  }
}

/** How many requests the server broke, all or those on used connections. */
function broken({ fault, server }: Row, onlyUsed = false): number {
  const meant = server.done.filter(({ deed, reused }) => deed === fault && (reused || !onlyUsed));
  return sum(meant.map(({ count }) => count));
}

function hidden(row: Row | undefined): string {
  if (row === undefined) return "–";
  return typeof row.claim === "string" ? row.claim : verdict(broken(row) - row.claim.failed);
}

function verdict(missing: number): string {
  if (missing === 0) return "0";
  return missing > 0 ? `**${missing}**` : `${-missing} too many`;
}

function printCommands(): void {
  out("\n## Commands\n");
  for (const mode of modes) {
    out(`${mode.title}:\n`);
    for (const tool of commands.keys()) out(`    ${commandLine(tool, taskOf(mode, 0))}`);
    out("");
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function out(line: string): void {
  process.stdout.write(`${line}\n`);
}
