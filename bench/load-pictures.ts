/**
 * Draws the two pictures of docs/load.md from runs: latency by percentile of an open and a closed loop against a server that stalls
 * for 1 s every 10 s, and what load tools report of the requests that a server broke, from the table in bench/honesty.md.
 *
 * usage: node bench/load-pictures.ts [SECONDS] [--only stalls|honesty]
 */
import { fork } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { createPlan, type LoadReport, type Pace, startLoad, steadyPace, targetOf } from "@seaworthy/load";
import { bucketsOf, percentilesNs } from "../packages/load/src/output/buckets.ts";
import { columns, label, legend, path, type Plot, rows } from "../packages/load/src/output/html/chart.ts";
import { escapeHtml } from "../packages/load/src/output/html/escape.ts";
import { logScale } from "../packages/load/src/output/html/scale.ts";
import { roundMsText } from "../packages/load/src/output/number-text.ts";

const rate = 200;
const clients = 10;
const seconds = Number(process.argv.slice(2).find((word) => /^\d+$/.test(word)) ?? 40);
const only = process.argv.indexOf("--only");
const wants = (what: string) => only < 0 || process.argv[only + 1] === what;

/** What happens to connections in a rollout; the other faults have to do with answers. */
const faults = ["reset-before-answer", "closed-before-answer", "reset-mid-answer", "closed-mid-answer"];

const style = `
text { fill: #4b5b69; font: 13px system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; } .title { fill: #14202b; font-weight: 600; font-size: 15px; } .name { fill: #14202b; }
.card { fill: #ffffff; stroke: #dde5ec; } .grid { stroke: #e6ecf1; } .mark { stroke: #4b5b69; } .line { fill: none; stroke-width: 2.5; stroke-linejoin: round; }
.open { stroke: #c2410c; } .closed { stroke: #3478c6; stroke-dasharray: 7 3; } .told { fill: #2a8f83; } .hidden { fill: #f1c9c4; }
@media (prefers-color-scheme: dark) { text { fill: #a9bac8; } .title, .name { fill: #e6edf3; } .card { fill: #151f29; stroke: #263442; } .grid { stroke: #24323e; } .mark { stroke: #a9bac8; }
.open { stroke: #ff9457; } .closed { stroke: #62a3f0; } .told { fill: #2f9d90; } .hidden { fill: #6d3531; } }
`;

if (wants("stalls")) writeFileSync("docs/pictures/load-stalls.svg", await stallPicture());
if (wants("honesty")) writeFileSync("docs/pictures/load-honesty.svg", honestyPicture());

/** One run of each loop, each against a server of its own that stalls at the same times after its start. */
async function stallPicture(): Promise<string> {
  const open = await runAgainstStalls(steadyPace(rate, seconds * 1_000));
  const closed = await runAgainstStalls({
    kind: "closed",
    concurrency: clients,
    durationMs: seconds * 1_000,
  });
  for (const { loop, latency, generator } of [open, closed])
    process.stdout.write(
      `${loop}: min ${latency.minMs} p50 ${latency.p50Ms} p90 ${latency.p90Ms} p99 ${latency.p99Ms} p99.9 ${latency.p999Ms} max ${latency.maxMs} of ${latency.count}, ${generator.why ?? "valid"}\n`,
    );
  return drawCurves([
    ["open", `open loop, ${rate} requests/s`, open],
    ["closed", `closed loop, ${clients} clients`, closed],
  ]);
}

async function runAgainstStalls(pace: Pace): Promise<LoadReport> {
  const file = fileURLToPath(new URL("./load-accuracy.ts", import.meta.url));
  const server = fork(file, ["--stalling-server"], { execArgv: [] });
  const [port] = (await once(server, "message")) as [number];
  await using run = await startLoad(createPlan({ targets: [targetOf(`http://127.0.0.1:${port}/`)], pace }));
  const report = await run.report;
  server.kill();
  return report;
}

function drawCurves(curves: readonly (readonly [name: string, text: string, report: LoadReport])[]): string {
  const plot: Plot = { left: 74, right: 700, top: 80, bottom: 344 };
  const nines = 4;
  const steps = Array.from({ length: 241 }, (_, index) => nines * (index / 240));
  const values = curves.map(([, , { histograms }]) =>
    percentilesNs(
      bucketsOf(histograms.latency),
      steps.map((step) => 100 * (1 - 10 ** -step)),
    ).map((ns) => ns / 1e6),
  );
  const x = Object.assign(
    (value: number) => Math.round((plot.left + ((plot.right - plot.left) * value) / nines) * 10) / 10,
    { ticks: [Math.log10(2), 1, 2, 3, 4] },
  );
  const y = logScale(0.1, Math.max(...values.flat()), [plot.bottom, plot.top]);
  const names = ["p50", "p90", "p99", "p99.9", "p99.99"];
  return picture({
    title: "Latency by percentile against a server that stalls for 1 s every 10 s",
    description:
      "In an open loop, a tenth of the requests meet a stall, so that the percentiles above 90 rise to a second. In a closed loop the curve stays flat to far beyond 99 per cent.",
    height: 386,
    content: [
      rows(y, plot, (value) => roundMsText(value)),
      columns(x, plot, (value) => names[x.ticks.indexOf(value)] ?? ""),
      ...curves.map(([name], index) =>
        path(
          name,
          steps.map((step, at) => [x(step), y(values[index]![at]!)] as const),
        ),
      ),
      `<g transform="translate(0 44)">${legend(
        curves.map(([name, text]) => [name, text] as const),
        plot,
      )}</g>`,
    ].join(""),
  });
}

interface ToolResult {
  readonly tool: string;
  readonly broken: number;
  /** Of the broken ones; a tool that reports more failures than there were does not make up for others by that. */
  readonly told: number;
}

function honestyPicture(): string {
  const results = readHonesty(readFileSync("bench/honesty.md", "utf8"));
  const left = 132;
  const widest = 380;
  const bars = results.map(({ tool, broken, told }, index) => {
    const y = 58 + index * 34;
    const text = `${told} of ${broken}${told === broken ? "" : `, ${broken - told} hidden`}`;
    return [
      `<text class="name" x="${left - 12}" y="${y + 15}" text-anchor="end">${escapeHtml(tool)}</text>`,
      `<rect class="hidden" x="${left}" y="${y}" width="${widest}" height="20" rx="3"/>`,
      `<rect class="told" x="${left}" y="${y}" width="${((told / broken) * widest).toFixed(1)}" height="20" rx="3"/>`,
      label(left + widest + 12, y + 15, text),
    ].join("");
  });
  return picture({
    title: "Requests whose connection broke, and how many each tool reports",
    description: results.map(({ tool, broken, told }) => `${tool}: ${told} of ${broken}`).join(", "),
    height: 72 + results.length * 34,
    content: bars.join(""),
  });
}

/** Sums up the rows `| fault | tool | asked | server saw | broken | … | reported failed | …` of GET over keep-alive connections. */
function readHonesty(page: string): ToolResult[] {
  const [, part = ""] = page.split("## GET over keep-alive connections\n");
  const results = new Map<string, ToolResult>();
  for (const line of (part.split("\n## ")[0] ?? "").split("\n")) {
    const [, fault = "", tool = "", , , broken, , reported] = line.split("|").map((cell) => cell.trim());
    if (!faults.includes(fault) || reported === undefined) continue;
    const { broken: all, told } = results.get(tool) ?? { broken: 0, told: 0 };
    const newly = Math.min(Number(broken), Number(reported));
    results.set(tool, { tool, broken: all + Number(broken), told: told + newly });
  }
  return [...results.values()].sort((left, right) => right.told / right.broken - left.told / left.broken);
}

interface Picture {
  readonly title: string;
  readonly description: string;
  readonly height: number;
  readonly content: string;
}

/** A picture that brings its own background, and is drawn for light and for dark pages. */
function picture({ title, description, height, content }: Picture): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 720 ${height}" width="720" height="${height}" role="img" aria-labelledby="title text"><title id="title">${escapeHtml(title)}</title><desc id="text">${escapeHtml(description)}</desc><style>${style}</style><rect class="card" x="0.5" y="0.5" width="719" height="${height - 1}" rx="10"/><text class="title" x="20" y="32">${escapeHtml(title)}</text>${content}</svg>\n`;
}
