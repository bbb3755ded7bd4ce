import { Histogram } from "../measure/histogram.ts";
import { summarize } from "../measure/latency-summary.ts";
import type { Interval, LoadReport, Split } from "../measure/load-report.ts";
import type { Outcome } from "../measure/outcome.ts";

/** The fields that a test wants to be different, each replaced whole. */
export type ReportChanges = Partial<LoadReport> & {
  /** Latencies of the good answers from the send; those from the intended time are 0.2 ms longer. */
  readonly latenciesMs?: readonly number[];
};

const startedAt = Date.UTC(2026, 0, 2, 3, 4, 5, 678);

/** The report of a good run of 3 s at 100/s, for tests of what is made of reports. */
export function exampleReport({
  latenciesMs = usualLatencies(300),
  ...changes
}: ReportChanges = {}): LoadReport {
  const sent = histogramOf(latenciesMs);
  const intended = histogramOf(latenciesMs.map((ms) => ms + 0.2));
  const ok = latenciesMs.length;
  const failures = changes.failures ?? [];
  return {
    startedAt,
    endedAt: startedAt + 3_010,
    loop: "open",
    scheduled: ok + failures.length,
    ok,
    failed: failures.length,
    unsent: 0,
    classes: classesOf(failures),
    statuses: { 200: ok },
    failures: [],
    streams: [],
    streamEnds: [],
    unendedStreams: [],
    answers: { names: [], dueMs: [], latencyMs: [], by: [], reused: [] },
    rate: { intended: 100, achieved: 99.97 },
    latency: summarize(intended),
    serviceTime: summarize(sent),
    histograms: { latency: intended.toData(), serviceTime: sent.toData(), byRequest: new Map() },
    intervals: [0, 1000, 2000].map((fromMs) => exampleInterval({ fromMs, ok: ok / 3 })),
    bytes: { sent: 24_000, received: 61_000 },
    connections: { opened: 16 },
    byTarget: { "127.0.0.1:8080": exampleSplit({ ok }) },
    byRequest: {},
    answeredBy: {},
    generator: {
      workers: 1,
      lagP50Ms: 0.21,
      lagP99Ms: 0.62,
      lagMaxMs: 1.9,
      loopLagMaxMs: 2.4,
      valid: true,
      why: undefined,
    },
    warnings: [],
    ...changes,
  };
}

/** A failure 1.5 s after the start of the example. */
export function exampleFailure(changes: Partial<Outcome> = {}): Outcome {
  const intendedAt = startedAt + 1_500.5;
  return {
    class: "reset-before-answer",
    target: "127.0.0.1:8080",
    client: "keep-alive",
    method: "GET",
    intendedAt,
    sentAt: intendedAt + 0.25,
    doneAt: intendedAt + 3.125,
    reusedConnection: true,
    detail: "ECONNRESET",
    ...changes,
  };
}

export function exampleInterval(changes: Partial<Interval> = {}): Interval {
  return {
    fromMs: 0,
    durationMs: 1000,
    scheduled: 100,
    ok: 100,
    failed: 0,
    unsent: 0,
    inFlight: 1,
    bytesReceived: 20_000,
    p50Ms: 0.9,
    p90Ms: 1.8,
    p99Ms: 4.5,
    maxMs: 9,
    ...changes,
  };
}

export function exampleSplit(changes: Partial<Split> = {}): Split {
  return { ok: 100, failed: 0, p50Ms: 0.9, p99Ms: 4.5, maxMs: 9, ...changes };
}

/** Latencies that are mostly 0.5 to 2 ms, with a tail. */
export function usualLatencies(count: number): number[] {
  return Array.from({ length: count }, (_, index) => 0.5 / (1 - index / count) ** 0.7);
}

function histogramOf(valuesMs: readonly number[]): Histogram {
  const histogram = new Histogram();
  for (const ms of valuesMs) histogram.record(ms * 1e6);
  return histogram;
}

function classesOf(failures: readonly Outcome[]): LoadReport["classes"] {
  const counts: Record<string, number> = {};
  for (const { class: name } of failures) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}
