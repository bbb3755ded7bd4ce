import type { LoadPlan } from "../plan/plan.ts";
import { AnswerLog } from "./answer-log.ts";
import { doubtsOf } from "./doubts-of.ts";
import { Histogram } from "./histogram.ts";
import { summarize } from "./latency-summary.ts";
import type { LoadProgress } from "./load-progress.ts";
import type { Interval, LoadReport, Split } from "./load-report.ts";
import type { FailureClass, Outcome } from "./outcome.ts";
import type { StreamEnd, StreamReport, UnendedStream } from "./stream-end.ts";
import type { SplitDelta, TallyDelta } from "./tally.ts";

/** Each worker sends five deltas a second, so the last five of each make the last second. */
const recentDeltas = 5;

/** The facts of a run that only the parent of the load processes knows. */
export interface RunFacts {
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly endedAt: number;
  /** The time in which requests became due: until the end of the schedule, or the stop. */
  readonly scheduleMs: number;
  readonly intendedRate: number | undefined;
  readonly failures: readonly Outcome[];
  readonly streams: readonly StreamReport[];
  readonly streamEnds: readonly StreamEnd[];
  readonly unendedStreams: readonly UnendedStream[];
  readonly intervals: readonly Interval[];
  readonly warnings: readonly string[];
}

/** Adds up what the load processes of a run have counted. */
export class LoadTotals {
  readonly #plan: LoadPlan;
  readonly #latency = new Histogram();
  readonly #serviceTime = new Histogram();
  readonly #lag = new Histogram();
  readonly #classes = new Map<FailureClass, number>();
  readonly #statuses = new Map<number, number>();
  readonly #unsentReasons = new Map<string, number>();
  readonly #byTarget = new Map<string, SplitTotal>();
  readonly #byRequest = new Map<string, SplitTotal>();
  readonly #answeredBy = new Map<string, SplitTotal>();
  readonly #recent: TallyDelta[] = [];
  readonly #answers: AnswerLog;
  #newFailures: Outcome[] = [];
  #elapsedMs = 0;
  #lastStartedMs = 0;
  #scheduled = 0;
  #ok = 0;
  #failed = 0;
  #unsent = 0;
  #bytesSent = 0;
  #bytesReceived = 0;
  #opened = 0;
  #loopLagMaxMs = 0;
  #dialLagMaxMs = 0;

  constructor(plan: LoadPlan) {
    this.#plan = plan;
    this.#answers = new AnswerLog(plan.maxAnswers);
  }

  /** Takes in what one worker has counted since its last delta. */
  add(delta: TallyDelta): void {
    this.#elapsedMs = Math.max(this.#elapsedMs, delta.atMs);
    this.#lastStartedMs = Math.max(this.#lastStartedMs, delta.lastStartedMs);
    this.#scheduled += delta.scheduled;
    this.#ok += delta.ok;
    this.#failed += delta.failed;
    this.#unsent += delta.unsent;
    this.#bytesSent += delta.bytesSent;
    this.#bytesReceived += delta.bytesReceived;
    this.#opened += delta.opened;
    this.#loopLagMaxMs = Math.max(this.#loopLagMaxMs, delta.loopLagMaxMs);
    this.#dialLagMaxMs = Math.max(this.#dialLagMaxMs, delta.dialLagMaxMs);
    addCounts(this.#classes, delta.classes);
    addCounts(this.#statuses, delta.statuses);
    addCounts(this.#unsentReasons, delta.unsentReasons);
    if (delta.atMs > this.#plan.settleMs) {
      this.#latency.addData(delta.latency);
      this.#serviceTime.addData(delta.serviceTime);
      this.#lag.addData(delta.lag);
    }
    addSplits(this.#byTarget, delta.byTarget);
    addSplits(this.#byRequest, delta.byRequest);
    addSplits(this.#answeredBy, delta.answeredBy);
    this.#answers.addData(delta.answers);
    for (const outcome of delta.newFailures) this.#newFailures.push(outcome);
    this.#recent.push(delta);
    if (this.#recent.length > recentDeltas * this.#plan.workers) this.#recent.shift();
  }

  /** The counts so far, with the failures since the last call. */
  progress(): LoadProgress {
    const lastSecond = new Histogram();
    for (const { latency } of this.#recent) lastSecond.addData(latency);
    const isKnown = lastSecond.count > 0;
    const newFailures = this.#newFailures;
    this.#newFailures = [];
    return {
      elapsedMs: this.#elapsedMs,
      scheduled: this.#scheduled,
      ok: this.#ok,
      failed: this.#failed,
      unsent: this.#unsent,
      inFlight: this.#scheduled - this.#ok - this.#failed - this.#unsent,
      newFailures,
      recentP50Ms: isKnown ? lastSecond.percentileNs(50) / 1e6 : undefined,
      recentP99Ms: isKnown ? lastSecond.percentileNs(99) / 1e6 : undefined,
      lagP99Ms: this.#lag.percentileNs(99) / 1e6,
    };
  }

  /** The whole run. */
  report(facts: RunFacts): LoadReport {
    const { startedAt, endedAt, scheduleMs, intendedRate, failures, intervals, warnings } = facts;
    const { streams, streamEnds, unendedStreams } = facts;
    const why = doubtsOf(this.#plan, {
      scheduled: this.#scheduled,
      lagP99Ms: this.#lag.percentileNs(99) / 1e6,
      pauseMs: Math.max(this.#lag.maxNs / 1e6, this.#loopLagMaxMs),
      dialLagMaxMs: this.#dialLagMaxMs,
      unsent: this.#unsentReasons,
      failuresLeftOut: this.#failed - failures.length,
    });
    return {
      startedAt,
      endedAt,
      loop: this.#plan.pace.kind,
      scheduled: this.#scheduled,
      ok: this.#ok,
      failed: this.#failed,
      unsent: this.#unsent,
      classes: Object.fromEntries(this.#classes),
      statuses: Object.fromEntries(this.#statuses),
      failures,
      streams,
      streamEnds,
      unendedStreams,
      answers: this.#answers.toData(),
      rate: {
        intended: intendedRate,
        achieved: (this.#scheduled * 1_000) / Math.max(1, scheduleMs, this.#lastStartedMs),
      },
      latency: summarize(this.#latency),
      serviceTime: summarize(this.#serviceTime),
      histograms: {
        latency: this.#latency.toData(),
        serviceTime: this.#serviceTime.toData(),
        byRequest: new Map([...this.#byRequest].map(([name, { latency }]) => [name, latency.toData()])),
      },
      intervals,
      bytes: { sent: this.#bytesSent, received: this.#bytesReceived },
      connections: { opened: this.#opened },
      byTarget: splitsOf(this.#byTarget),
      byRequest: splitsOf(this.#byRequest),
      answeredBy: splitsOf(this.#answeredBy),
      generator: {
        workers: this.#plan.workers,
        lagP50Ms: this.#lag.percentileNs(50) / 1e6,
        lagP99Ms: this.#lag.percentileNs(99) / 1e6,
        lagMaxMs: this.#lag.maxNs / 1e6,
        loopLagMaxMs: this.#loopLagMaxMs,
        valid: why.length === 0,
        why: why.length === 0 ? undefined : why.join("; "),
      },
      warnings,
    };
  }
}

interface SplitTotal {
  ok: number;
  failed: number;
  readonly latency: Histogram;
}

function addCounts<K>(totals: Map<K, number>, counts: readonly (readonly [K, number])[]): void {
  for (const [key, count] of counts) totals.set(key, (totals.get(key) ?? 0) + count);
}

function addSplits(totals: Map<string, SplitTotal>, deltas: readonly SplitDelta[]): void {
  for (const { name, ok, failed, latency } of deltas) {
    const total = totals.get(name) ?? { ok: 0, failed: 0, latency: new Histogram() };
    totals.set(name, total);
    total.ok += ok;
    total.failed += failed;
    total.latency.addData(latency);
  }
}

function splitsOf(totals: ReadonlyMap<string, SplitTotal>): Record<string, Split> {
  const entries = [...totals].map(([name, { ok, failed, latency }]): [string, Split] => {
    const ms = (percentile: number): number => latency.percentileNs(percentile) / 1e6;
    return [name, { ok, failed, p50Ms: ms(50), p99Ms: ms(99), maxMs: latency.maxNs / 1e6 }];
  });
  return Object.fromEntries(entries);
}
