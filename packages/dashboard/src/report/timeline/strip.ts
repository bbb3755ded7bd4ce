import { countText, linearScale, logScale, roundMsText, type Scale } from "@seaworthy/load";
import type { Bin, Course } from "./course.ts";
import type { Part } from "./lanes.ts";

/** Requests per bin, good and lost, and under them their latency: density cells, p50, p99, and losses on the rim. */
export function strip({ bins, binMs }: Course, x: Scale): Part {
  const counts = countBars(bins, binMs, x);
  const latency = latencyField(bins, binMs, x, 132);
  return { svg: `${counts}${latency}`, height: 264 };
}

function countBars(bins: readonly Bin[], binMs: number, x: Scale): string {
  const y = linearScale(Math.max(...bins.map(({ ok, lost }) => ok + lost)), [104, 32], 3);
  const bar = (from: number, to: number, { fromMs }: Bin) =>
    to <= from ? "" : `M${x(fromMs)} ${y(from)}H${x(fromMs + binMs)}V${y(to)}H${x(fromMs)}Z`;
  return [
    `<text class="head" x="0" y="16">requests per ${roundMsText(binMs)}</text>`,
    ...y.ticks.map((tick) => gridLine(y(tick), countText(tick), x)),
    `<path class="ok" d="${bins.map((bin) => bar(0, bin.ok, bin)).join("")}"/>`,
    `<path class="lost" d="${bins.map((bin) => bar(bin.ok, bin.ok + bin.lost, bin)).join("")}"/>`,
  ].join("");
}

const cellRows = 22;
const shades = 5;

/** Cells of time and the logarithm of latency, darker where more answers lie. */
function latencyField(bins: readonly Bin[], binMs: number, x: Scale, top: number): string {
  const all = bins
    .flatMap(({ latenciesMs }) => [latenciesMs[0], latenciesMs.at(-1)])
    .filter((each) => each !== undefined);
  const y = logScale(Math.min(...all), Math.max(...all), [top + 116, top + 24]);
  const height = 92 / cellRows;
  const paths = Array.from({ length: shades }, () => "");
  for (const { fromMs, latenciesMs } of bins) {
    const rows = new Map<number, number>();
    for (const ms of latenciesMs) {
      const row = Math.min(cellRows - 1, Math.floor((top + 116 - y(ms)) / height));
      rows.set(row, (rows.get(row) ?? 0) + 1);
    }
    for (const [row, count] of rows) {
      const shade = Math.min(shades - 1, Math.floor((count / latenciesMs.length) * shades * 1.6));
      paths[shade] +=
        `M${x(fromMs)} ${(top + 116 - row * height).toFixed(1)}H${x(fromMs + binMs)}v-${height.toFixed(1)}H${x(fromMs)}Z`;
    }
  }
  const line = (name: "p50" | "p99", of: (bin: Bin) => number | undefined) => {
    let pen = "M";
    const points = bins.map((bin) => {
      const ms = of(bin);
      const command = ms === undefined ? "" : `${pen}${x(bin.fromMs + binMs / 2)} ${y(ms)}`;
      pen = ms === undefined ? "M" : "L";
      return command;
    });
    return `<path class="line ${name}" d="${points.join("")}"/>`;
  };
  return [
    `<text class="head" x="0" y="${top + 14}">latency from when due</text>`,
    ...y.ticks.map((tick) => gridLine(y(tick), roundMsText(tick), x)),
    ...paths.map((path, shade) => `<path class="cell s${shade}" d="${path}"/>`),
    line("p50", ({ p50Ms }) => p50Ms),
    line("p99", ({ p99Ms }) => p99Ms),
    `<path class="lost" d="${bins
      .filter(({ lost }) => lost > 0)
      .map(({ fromMs }) => `M${x(fromMs)} ${top + 18}H${x(fromMs + binMs)}v5H${x(fromMs)}Z`)
      .join("")}"/>`,
  ].join("");
}

function gridLine(y: number, text: string, x: Scale): string {
  return `<line class="grid" x1="${x(0)}" x2="988" y1="${y}" y2="${y}"/><text x="${x(0) - 8}" y="${y + 4}" text-anchor="end">${text}</text>`;
}
