import type { Bucket } from "../../measure/histogram.ts";
import type { Interval, LoadReport } from "../../measure/load-report.ts";
import { bucketsOf, percentilesNs } from "../buckets.ts";
import { durationText, msText, roundMsText } from "../number-text.ts";
import { chart, columns, legend, path, rows, type Plot, type Size } from "./chart.ts";
import { logScale, timeScale, type Scale } from "./scale.ts";

const lines = [
  ["p50", "p50", "p50Ms"],
  ["p90", "p90", "p90Ms"],
  ["p99", "p99", "p99Ms"],
  ["max", "max", "maxMs"],
] as const;

/** Latency percentiles of each second, on a logarithmic scale. */
export function latencyOverTime({ intervals, latency }: LoadReport): string {
  const title = "Latency over time";
  const description = `Percentiles 50, 90 and 99 and the maximum of each interval. Over the whole run: p50 ${msText(latency.p50Ms)}, p99 ${msText(latency.p99Ms)}, max ${msText(latency.maxMs)}.`;
  return chart("latency", { title, description }, (size) => {
    const plot = plotOf(size);
    const endMs = Math.max(...intervals.map(({ fromMs, durationMs }) => fromMs + durationMs), 1);
    const x = timeScale(endMs, [plot.left, plot.right], size.name === "wide" ? 10 : 5);
    const values = intervals.flatMap((each) => lines.map(([, , key]) => each[key]));
    const y = latencyScale(values, plot);
    const middle = ({ fromMs, durationMs }: Interval) => x(fromMs + durationMs / 2);
    return [
      rows(y, plot, (value) => roundMsText(value)),
      columns(x, plot, (value) => durationText(value)),
      ...lines.map(([name, , key]) =>
        path(
          name,
          intervals.map((each) => (each[key] === undefined ? undefined : [middle(each), y(each[key])])),
        ),
      ),
      legend(
        lines.map(([name, text]) => [name, text] as const),
        plot,
      ),
    ].join("");
  });
}

/** The curve that shows a tail: latency against how many nines of the requests were faster. */
export function latencyByPercentile(report: LoadReport): string {
  const title = "Latency by percentile";
  const fromSend = bucketsOf(report.histograms.serviceTime);
  const curves: readonly (readonly [name: string, text: string, buckets: readonly Bucket[]])[] =
    report.loop === "closed"
      ? [["sent", "from the send", fromSend]]
      : [
          ["intended", "from the intended time", bucketsOf(report.histograms.latency)],
          ["sent", "from the send", fromSend],
        ];
  const description = `Latency of good answers at each percentile, ${curves.map(([, text]) => text).join(" and ")}. The table below has the values.`;
  return chart("percentiles", { title, description }, (size) => {
    const plot = plotOf(size);
    const nines = Math.max(1, Math.log10(Math.max(10, report.latency.count)));
    const steps = Array.from({ length: 161 }, (_, index) => nines * (index / 160));
    const values = curves.map(([, , buckets]) =>
      percentilesNs(
        buckets,
        steps.map((step) => (step === nines ? 100 : 100 * (1 - 10 ** -step))),
      ).map((ns) => ns / 1e6),
    );
    const place = (value: number) =>
      Math.round((plot.left + ((plot.right - plot.left) * value) / nines) * 10) / 10;
    const x: Scale = Object.assign(place, {
      ticks: percentileTicks(nines).slice(size.name === "wide" ? 0 : 1),
    });
    const y = latencyScale(values.flat(), plot);
    return [
      rows(y, plot, (value) => roundMsText(value)),
      columns(x, plot, (value) => percentileName(value)),
      ...curves.map(([name], index) =>
        path(
          name,
          steps.map((step, at) => [x(step), y(values[index]![at]!)] as const),
        ),
      ),
      legend(curves.map(([name, text]) => [name, text] as const).toReversed(), plot),
    ].join("");
  });
}

function plotOf({ width, height }: Size): Plot {
  return { left: 64, right: width - 8, top: 30, bottom: height - 26 };
}

function latencyScale(values: readonly (number | undefined)[], plot: Plot): Scale {
  const known = values.filter((value) => value !== undefined && value > 0) as number[];
  const least = known.reduce((low, value) => Math.min(low, value), Number.POSITIVE_INFINITY);
  const most = known.reduce((high, value) => Math.max(high, value), 0);
  return known.length === 0
    ? logScale(1, 10, [plot.bottom, plot.top])
    : logScale(least, most, [plot.bottom, plot.top]);
}

function percentileTicks(nines: number): number[] {
  return [0, Math.log10(2), ...Array.from({ length: Math.floor(nines) }, (_, index) => index + 1)];
}

/** The name of a place on the scale: 0.3 is p50, 1 is p90, 2 is p99, 3 is p99.9. */
function percentileName(place: number): string {
  if (place === 0) return "p0";
  if (place < 1) return "p50";
  const digits = "9".repeat(Math.round(place));
  return `p${digits.length <= 2 ? digits.padEnd(2, "0") : `${digits.slice(0, 2)}.${digits.slice(2)}`}`;
}
