import { statusName } from "../http/grpc-status.ts";
import { isSafeToRepeat } from "../measure/is-safe-to-repeat.ts";
import type { LatencySummary, LoadReport, Split } from "../measure/load-report.ts";
import type { LoadPlan } from "../plan/plan.ts";
import { mostKinds } from "../plan/request-kinds.ts";
import { bucketsOf, roughBuckets } from "./buckets.ts";
import { failureRows } from "./failure-rows.ts";
import { headlineOf, type Headline } from "./headline.ts";
import {
  bytesText,
  countText,
  durationText,
  msText,
  percentText,
  rateText,
  roundMsText,
} from "./number-text.ts";
import { streamRows, streamTitles } from "./stream-rows.ts";
import { tableText } from "./table-text.ts";

/** Styles a piece of text. Without colours the words say the same. */
export type Paint = (style: "green" | "red" | "yellow" | "bold" | "dim", text: string) => string;

/** The summary of a run for people: first the failures, then everything that tells how far to believe the result. */
export function formatSummary(report: LoadReport, plan: LoadPlan, paint: Paint = (_, text) => text): string {
  const blocks = [
    headBlock(headlineOf(report), paint),
    failureBlock(report, paint),
    countBlock(report),
    report.streams.length === 0 ? [] : tableText(streamTitles, streamRows(report.streams)),
    latencyBlock(report),
    sketchBlock(report, paint),
    splitBlock("target", report.byTarget),
    splitBlock("request", report.byRequest),
    splitBlock(`answered by (${plan.recordHeaders[0] ?? ""})`, report.answeredBy),
    report.warnings.map((warning) => paint("yellow", `! ${warning}`)),
  ];
  return `${blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n")}\n`;
}

const headStyle = { ok: "green", failures: "red", invalid: "yellow" } as const;

function headBlock({ verdict, text, remarks }: Headline, paint: Paint): string[] {
  return [paint("bold", paint(headStyle[verdict], text)), ...remarks.map((remark) => `  ${remark}`)];
}

function failureBlock(report: LoadReport, paint: Paint): string[] {
  if (report.failed === 0) return [];
  const rows = failureRows(report).map((row) => [
    row.class,
    countText(row.count),
    countText(row.reused),
    countText(row.fresh),
    row.details.join(", "),
  ]);
  const lost = report.failed - report.failures.length;
  return [
    ...tableText(["failed", "requests", "on reused", "on new connections", ""], rows).map((line, index) =>
      index === 0 ? line : paint("red", line),
    ),
    ...repeatLines(report),
    ...(lost > 0 ? [`  no record was kept of ${countText(lost)} more failures`] : []),
  ];
}

/** What a client with retries would have lost, too. */
function repeatLines({ failures }: LoadReport): string[] {
  const unsafe = failures.filter((failure) => !isSafeToRepeat(failure));
  if (unsafe.length === 0) return [];
  const methods = [...new Set(unsafe.map(({ method }) => method))].join(", ");
  return [
    `  no retry could have saved ${countText(unsafe.length)} of them (${methods}): nobody knows whether they were done`,
  ];
}

function countBlock(report: LoadReport): string[] {
  const { rate, generator, bytes } = report;
  const statuses = Object.entries(report.statuses).map(
    ([status, count]) => `${statusName(Number(status))}: ${countText(count)}`,
  );
  const intended = rate.intended === undefined ? "" : `${rateText(rate.intended)} intended, `;
  return [
    `requests   ${countText(report.scheduled)} due, ${countText(report.ok)} ok, ${countText(report.failed)} failed, ${countText(report.unsent)} not sent, in ${durationText(report.endedAt - report.startedAt)}`,
    `statuses   ${statuses.length === 0 ? "no answer" : statuses.join(", ")}`,
    `rate       ${intended}${rateText(rate.achieved)} achieved`,
    `send lag   p50 ${msText(generator.lagP50Ms)}  p99 ${msText(generator.lagP99Ms)}  max ${msText(generator.lagMaxMs)}   event loop max ${msText(generator.loopLagMaxMs)}   ${generator.workers} process${generator.workers === 1 ? "" : "es"}`,
    `network    ${bytesText(bytes.sent)} sent, ${bytesText(bytes.received)} received, ${countText(report.connections.opened)} connection${report.connections.opened === 1 ? "" : "s"} opened`,
  ];
}

function latencyBlock(report: LoadReport): string[] {
  if (report.latency.count === 0) return [];
  const row = (name: string, summary: LatencySummary) => [
    name,
    ...[summary.minMs, summary.p50Ms, summary.p90Ms, summary.p99Ms, summary.p999Ms, summary.maxMs].map(
      (value) => msText(value),
    ),
  ];
  return tableText(
    ["latency of good", "min", "p50", "p90", "p99", "p99.9", "max"],
    report.loop === "closed"
      ? [row("from the send", report.serviceTime)]
      : [row("from intended time", report.latency), row("from the send", report.serviceTime)],
  );
}

const mostSketchLines = 12;
const widestBar = 40;

/** Bars on a logarithmic scale. Every count above 0 has a bar, however short, because the tail is what matters. */
function sketchBlock({ histograms, latency }: LoadReport, paint: Paint): string[] {
  const rough = roughBuckets(bucketsOf(histograms.latency), mostSketchLines);
  const most = Math.max(...rough.map(({ count }) => count));
  if (rough.length < 2) return [];
  const from = rough.map(({ fromNs }) => roundMsText(fromNs / 1e6));
  const width = Math.max(...from.map((text) => text.length));
  return rough.map(({ count }, index) => {
    const share = count === 0 ? "" : `${countText(count)}  ${percentText(count / latency.count)}`;
    return `  ${from[index]!.padStart(width)} ${paint("dim", "┤")}${bar(count / most)} ${share}`.trimEnd();
  });
}

const eighths = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];

function bar(share: number): string {
  const pieces = share === 0 ? 0 : Math.max(1, Math.round(share * widestBar * 8));
  return "█".repeat(Math.floor(pieces / 8)) + eighths[pieces % 8]!;
}

/** As many as there are kinds of requests at most, with the rest. */
const mostSplitLines = mostKinds + 1;

function splitBlock(name: string, splits: Readonly<Record<string, Split>>): string[] {
  const entries = Object.entries(splits);
  if (entries.length < 2) return [];
  const rows = entries
    .slice(0, mostSplitLines)
    .map(([key, { ok, failed, p50Ms, p99Ms, maxMs }]) => [
      key,
      countText(ok),
      countText(failed),
      msText(p50Ms),
      msText(p99Ms),
      msText(maxMs),
    ]);
  const more = entries.length - rows.length;
  return [
    ...tableText([name, "ok", "failed", "p50", "p99", "max"], rows),
    ...(more > 0 ? [`  and ${countText(more)} more`] : []),
  ];
}
