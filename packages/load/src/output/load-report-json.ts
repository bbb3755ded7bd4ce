import type { HistogramData } from "../measure/histogram.ts";
import type { LoadReport } from "../measure/load-report.ts";
import type { Outcome } from "../measure/outcome.ts";
import type { LoadPlan } from "../plan/plan.ts";
import { bucketsOf } from "./buckets.ts";
import { failureRows } from "./failure-rows.ts";
import { headlineOf, upperBound95 } from "./headline.ts";
import { planAsData } from "./plan-as-data.ts";

/** The name and version of the schema: fields may be added under it, but none is removed or changes its meaning. */
export const loadReportSchema = "seaworthy.dev/load/v1";

/** A report and its plan as data for a file, by docs/schemas/load-v1.schema.json. Secrets of the plan are hidden. */
export function loadReportAsData(report: LoadReport, plan: LoadPlan): Record<string, unknown> {
  const { scheduled, ok, failed, unsent, rate, generator, intervals } = report;
  return {
    schema: loadReportSchema,
    verdict: headlineOf(report).verdict,
    startedAt: isoTime(report.startedAt),
    endedAt: isoTime(report.endedAt),
    loop: report.loop,
    requests: { scheduled, ok, failed, unsent, failedUpperBound95: upperBound95(report) ?? null },
    classes: Object.fromEntries(
      failureRows(report).map(({ class: name, count, reused, fresh }) => [
        name,
        { count, onReusedConnection: reused, onNewConnection: fresh },
      ]),
    ),
    statuses: report.statuses,
    rate: { intended: rate.intended ?? null, achieved: rate.achieved },
    latency: report.latency,
    serviceTime: report.serviceTime,
    histograms: {
      latency: histogramAsData(report.histograms.latency),
      serviceTime: histogramAsData(report.histograms.serviceTime),
    },
    intervals: intervals.map((interval) => ({
      ...interval,
      p50Ms: interval.p50Ms ?? null,
      p90Ms: interval.p90Ms ?? null,
      p99Ms: interval.p99Ms ?? null,
      maxMs: interval.maxMs ?? null,
    })),
    bytes: report.bytes,
    connections: report.connections,
    byTarget: report.byTarget,
    byRequest: report.byRequest,
    answeredBy: report.answeredBy,
    generator: { ...generator, why: generator.why ?? null },
    warnings: report.warnings,
    streams: report.streams.map((each) => ({ ...each, refusal: each.refusal ?? null })),
    streamEnds: report.streamEnds.map(({ openedAt, endedAt, withoutMs, ...end }) => ({
      openedAt: isoTime(openedAt),
      endedAt: isoTime(endedAt),
      withoutMs: withoutMs === undefined ? null : rounded(withoutMs),
      ...end,
    })),
    failures: report.failures.map((failure) => outcomeAsData(failure)),
    plan: planAsData(plan),
  };
}

/** `[from, to, count]` in nanoseconds for each bucket that is not empty. */
function histogramAsData(data: HistogramData): [number, number, number][] {
  return bucketsOf(data).map(({ fromNs, toNs, count }) => [fromNs, toNs, count]);
}

function outcomeAsData({ intendedAt, sentAt, doneAt, ...outcome }: Outcome): Record<string, unknown> {
  return {
    intendedAt: isoTime(intendedAt),
    sentAfterMs: rounded(sentAt - intendedAt),
    doneAfterMs: rounded(doneAt - intendedAt),
    ...outcome,
  };
}

/** Milliseconds since the epoch as ISO 8601, to the millisecond. */
export function isoTime(epochMs: number): string {
  return new Date(epochMs).toISOString();
}

/** Milliseconds to the microsecond. */
export function rounded(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}
