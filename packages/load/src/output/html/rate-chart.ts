import type { LoadReport } from "../../measure/load-report.ts";
import { countText, durationText, rateText } from "../number-text.ts";
import { chart, columns, label, legend, rows, type Plot, type Size } from "./chart.ts";
import { escapeHtml } from "./escape.ts";
import { linearScale, timeScale } from "./scale.ts";

/** Good answers of each second, and below them the failures on a scale of their own, because a few would not be seen above. */
export function rateChart(report: LoadReport): string {
  const seconds = report.intervals.filter(({ failed }) => failed > 0).length;
  const description = `Good answers per second and failed requests per second over ${durationText(report.endedAt - report.startedAt)}. ${countText(report.failed)} requests failed, in ${countText(seconds)} of ${countText(report.intervals.length)} intervals.`;
  return chart("rate", { title: "Good answers and failures over time", description }, (size) =>
    draw(report, size),
  );
}

function draw({ intervals, failed }: LoadReport, { name, width, height }: Size): string {
  const upper: Plot = { left: 52, right: width - 8, top: 30, bottom: height - 106 };
  const lower: Plot = { left: 52, right: width - 8, top: height - 84, bottom: height - 26 };
  const endMs = Math.max(...intervals.map(({ fromMs, durationMs }) => fromMs + durationMs), 1);
  const perSecond = (count: number, durationMs: number) => (durationMs > 0 ? (count * 1000) / durationMs : 0);
  const x = timeScale(endMs, [upper.left, upper.right], name === "wide" ? 10 : 5);
  const most = Math.max(
    ...intervals.map(({ ok, scheduled, durationMs }) => perSecond(Math.max(ok, scheduled), durationMs)),
  );
  const y = linearScale(most, [upper.bottom, upper.top], 3);
  const mostFailed = Math.max(...intervals.map((each) => perSecond(each.failed, each.durationMs)));
  const yFailed = linearScale(mostFailed, [lower.bottom, lower.top], 1);
  const bars = intervals.map((interval) => {
    const { fromMs, durationMs, ok } = interval;
    const left = x(fromMs);
    const whole = x(fromMs + durationMs) - left;
    const barWidth = Math.max(0.5, whole - (whole > 4 ? 1 : 0)).toFixed(1);
    const good = y(perSecond(ok, durationMs));
    const bad = Math.min(yFailed(perSecond(interval.failed, durationMs)), lower.bottom - 2);
    return `<g><title>${escapeHtml(tip(interval))}</title><rect class="ok" x="${left}" y="${good}" width="${barWidth}" height="${(upper.bottom - good).toFixed(1)}"/>${
      interval.failed === 0
        ? ""
        : `<rect class="failed" x="${left}" y="${bad}" width="${barWidth}" height="${(lower.bottom - bad).toFixed(1)}"/>`
    }</g>`;
  });
  const due = intervals.flatMap(({ fromMs, durationMs, scheduled }) => {
    const level = y(perSecond(scheduled, durationMs));
    return [`${x(fromMs)} ${level}`, `${x(fromMs + durationMs)} ${level}`];
  });
  return [
    rows(y, upper, (value) => countText(value)),
    ...bars,
    due.length === 0 ? "" : `<path class="line due" d="M${due.join("L")}"/>`,
    legend(
      [
        ["swatch-ok", "ok/s"],
        ["due", "due/s"],
        ["swatch-failed", "failed/s"],
      ],
      upper,
    ),
    failed === 0
      ? `<line class="grid" x1="${lower.left}" x2="${lower.right}" y1="${lower.bottom}" y2="${lower.bottom}"/>${label((lower.left + lower.right) / 2, (lower.top + lower.bottom) / 2 + 4, "no request failed", "middle")}`
      : rows(yFailed, lower, (value) => countText(value)),
    columns(x, lower, (value) => durationText(value)),
  ].join("");
}

function tip({ fromMs, ok, failed, durationMs, inFlight }: LoadReport["intervals"][number]): string {
  return `from ${durationText(fromMs)}: ${rateText((ok * 1000) / Math.max(1, durationMs))} ok, ${countText(failed)} failed, ${countText(inFlight)} in flight`;
}
