import { createHash } from "node:crypto";
import type { LatencySummary, LoadReport, Split } from "../measure/load-report.ts";
import type { LoadPlan } from "../plan/plan.ts";
import { failureMeanings } from "./failure-meanings.ts";
import { failureRows } from "./failure-rows.ts";
import { headlineOf } from "./headline.ts";
import { streamRows, streamTitles } from "./stream-rows.ts";
import { escapeHtml } from "./html/escape.ts";
import { latencyByPercentile, latencyOverTime } from "./html/latency-charts.ts";
import { pageStyle } from "./html/page-style.ts";
import { rateChart } from "./html/rate-chart.ts";
import { folded, table } from "./html/table.ts";
import { isoTime } from "./load-report-json.ts";
import { bytesText, countText, durationText, msText, rateText } from "./number-text.ts";
import { planRows } from "./plan-rows.ts";

/**
 * A report as one page that needs nothing else: no script, no font, no picture from anywhere, which its content security
 * policy enforces. It holds what the server sent only as escaped text.
 */
export function htmlPage(report: LoadReport, plan: LoadPlan): string {
  const head = headlineOf(report);
  const targets = plan.targets.map(({ name }) => name).join(", ");
  const hash = createHash("sha256").update(pageStyle).digest("base64");
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-${hash}'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(`${head.text}: ${targets}`)}</title>
<style>${pageStyle}</style>
</head>
<body><main>
<header class="${head.verdict}">
<p class="kind">${report.loop === "open" ? "open loop" : "closed loop"} · ${escapeHtml(targets)}</p>
<h1>${escapeHtml(head.text)}</h1>
${head.remarks.map((remark) => `<p>${escapeHtml(remark)}</p>`).join("\n")}
<p class="soft">${isoTime(report.startedAt)}, ${durationText(report.endedAt - report.startedAt)}</p>
</header>
${figures(report)}
${report.warnings.map((warning) => `<p class="warning">${escapeHtml(warning)}</p>`).join("\n")}
${section("Requests over time", rateChart(report) + folded("the numbers", intervalTable(report)))}
${failureSection(report, plan)}
${report.streams.length === 0 ? "" : section("Streams", streamTable(report))}
${latencySections(report)}
${splitSection("By target", "target", report.byTarget)}
${splitSection("By request", "request", report.byRequest)}
${splitSection(`By ${plan.recordHeaders[0] ?? "header"}`, "answered by", report.answeredBy)}
${section("The generator itself", generatorTable(report, plan))}
${section("Plan", `<div class="plan">${table("The plan of the run", ["setting", "value"], planRows(plan))}</div>`)}
<footer>Every request was sent once and counted once. ${bytesText(report.bytes.sent)} sent, ${bytesText(report.bytes.received)} received, ${countText(report.connections.opened)} connections opened.</footer>
</main></body>
</html>
`;
}

function section(title: string, content: string, remark = ""): string {
  return `<section><h2>${escapeHtml(title)}</h2>${remark === "" ? "" : `<p>${escapeHtml(remark)}</p>`}${content}</section>`;
}

function figures({ scheduled, ok, failed, unsent, rate, latency, generator }: LoadReport): string {
  const wanted = rate.intended === undefined ? "what the answers let pass" : `of ${rateText(rate.intended)}`;
  const entries: readonly (readonly [name: string, value: string, note: string])[] = [
    ["requests", countText(scheduled), unsent > 0 ? `${countText(unsent)} not sent` : `${countText(ok)} ok`],
    ["failed", countText(failed), "none was sent twice"],
    ["rate", rateText(rate.achieved), wanted],
    ...(latency.count === 0
      ? []
      : ([
          ["p50", msText(latency.p50Ms), "half were faster"],
          ["p99", msText(latency.p99Ms), `p99.9 ${msText(latency.p999Ms)}`],
          ["max", msText(latency.maxMs), "the slowest"],
        ] as const)),
    ["send lag p99", msText(generator.lagP99Ms), generator.valid ? "in time" : "see the reason above"],
  ];
  return `<dl class="figures">${entries.map(([name, value, note]) => `<div><dt>${name}</dt><dd>${value}<small>${note}</small></dd></div>`).join("")}</dl>`;
}

function streamTable({ streams }: LoadReport): string {
  const [name = "", ...counts] = streamTitles;
  return table(
    "How streams ended that were held open",
    [name, ...counts.map((title) => `#${title}`)],
    streamRows(streams),
  );
}

function latencySections(report: LoadReport): string {
  if (report.latency.count === 0)
    return section("Latency", "", "No request had a good answer, so there is no latency to tell.");
  const overTime = section(
    "Latency over time",
    latencyOverTime(report),
    "Of good answers, from the time at which the request was due.",
  );
  const byPercentile = section(
    "Latency by percentile",
    latencyByPercentile(report) + latencyTable(report),
    report.loop === "closed"
      ? "How long all but the slowest few took, from the send. In a closed loop this hides what a stall delays."
      : "How long all but the slowest few took. The lines lie together when every request was sent on time; what lies between them is the lag of the generator.",
  );
  return `${overTime}\n${byPercentile}`;
}

function intervalTable({ intervals }: LoadReport): string {
  const time = (value: number | undefined) => (value === undefined ? "" : msText(value));
  return table(
    "Requests and latency of each interval",
    ["from", "#due", "#ok", "#failed", "#not sent", "#in flight", "#p50", "#p90", "#p99", "#max"],
    intervals.map((each) => [
      durationText(each.fromMs),
      ...[each.scheduled, each.ok, each.failed, each.unsent, each.inFlight].map((value) => countText(value)),
      ...[each.p50Ms, each.p90Ms, each.p99Ms, each.maxMs].map((value) => time(value)),
    ]),
  );
}

const mostFailures = 100;

function failureSection(report: LoadReport, plan: LoadPlan): string {
  if (report.failed === 0) return "";
  const classes = table(
    "Failures by class",
    ["class", "#requests", "#reused", "#new", "what happened"],
    failureRows(report).map((row) => [
      row.class,
      countText(row.count),
      countText(row.reused),
      countText(row.fresh),
      `${failureMeanings[row.class]}${row.details.length === 0 ? "" : ` Seen: ${row.details.join(", ")}.`}`,
    ]),
  );
  const shown = report.failures.slice(0, mostFailures);
  const each = table(
    "Single failures",
    ["after", "class", "target", "request", "connection", "detail", "answered by"],
    shown.map((failure) => [
      msText(Math.max(0, failure.intendedAt - report.startedAt)),
      failure.class,
      failure.target,
      `${failure.request ?? failure.method}, ${failure.client}`,
      failure.reusedConnection ? "reused" : "new",
      [failure.status, failure.detail].filter((part) => part !== undefined).join(" "),
      answerer(failure, plan),
    ]),
  );
  const title =
    report.failed > shown.length
      ? `the first ${shown.length} of ${countText(report.failed)} failures`
      : "each failure";
  return section(
    "Failures",
    classes + folded(title, each),
    "By what was seen on the wire. reused and new tell how many were on a connection that had carried an earlier request, and on a new one.",
  );
}

/** The pod that answered, or, on a connection that broke, the pod that had answered on it before. */
function answerer(
  { peer, headers, previous }: LoadReport["failures"][number],
  { recordHeaders }: LoadPlan,
): string {
  const [name = ""] = recordHeaders;
  const before = previous?.[name];
  return [headers?.[name], before === undefined ? undefined : `before: ${before}`, peer]
    .filter((part) => part !== undefined)
    .join(", ");
}

function latencyTable({ latency, serviceTime, loop }: LoadReport): string {
  const row = (name: string, summary: LatencySummary) => [
    name,
    ...[
      summary.minMs,
      summary.meanMs,
      summary.p50Ms,
      summary.p75Ms,
      summary.p90Ms,
      summary.p99Ms,
      summary.p999Ms,
      summary.maxMs,
    ].map((value) => msText(value)),
  ];
  return table(
    "Latency of good answers",
    ["latency", "#min", "#mean", "#p50", "#p75", "#p90", "#p99", "#p99.9", "#max"],
    [...(loop === "open" ? [row("from the intended time", latency)] : []), row("from the send", serviceTime)],
  );
}

function splitSection(title: string, name: string, splits: Readonly<Record<string, Split>>): string {
  const entries = Object.entries(splits);
  if (entries.length < 2) return "";
  const rows = entries.map(([key, split]) => [
    key,
    countText(split.ok),
    countText(split.failed),
    msText(split.p50Ms),
    msText(split.p99Ms),
    msText(split.maxMs),
  ]);
  return section(title, table(title, [name, "#ok", "#failed", "#p50", "#p99", "#max"], rows));
}

function generatorTable({ generator }: LoadReport, plan: LoadPlan): string {
  return table(
    "How well the generator kept its schedule",
    ["measure", "value"],
    [
      ["valid", generator.valid ? "yes" : `no: ${generator.why ?? "no reason was given"}`],
      [
        "send lag",
        `p50 ${msText(generator.lagP50Ms)}, p99 ${msText(generator.lagP99Ms)}, max ${msText(generator.lagMaxMs)}; invalid from a p99 of ${msText(plan.maxLagP99Ms)}`,
      ],
      ["event loop stood still", `${msText(generator.loopLagMaxMs)} at most`],
      ["processes", countText(generator.workers)],
    ],
  );
}
