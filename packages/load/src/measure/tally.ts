import type { LoadPlan } from "../plan/plan.ts";
import type { Ending } from "../transport/flight.ts";
import { AnswerLog, type Answers } from "./answer-log.ts";
import { Histogram, type HistogramData } from "./histogram.ts";
import type { FailureClass, Outcome } from "./outcome.ts";

/** What became of requests since the last delta. Latencies are those of good answers. */
export interface TallyDelta {
  /** When the delta was made, in milliseconds after the start of the schedule. */
  readonly atMs: number;
  /** When the last request was started. */
  readonly lastStartedMs: number;
  readonly scheduled: number;
  readonly ok: number;
  readonly failed: number;
  readonly unsent: number;
  readonly classes: readonly (readonly [FailureClass, number])[];
  readonly statuses: readonly (readonly [status: number, count: number])[];
  /** Why requests were not sent. */
  readonly unsentReasons: readonly (readonly [reason: string, count: number])[];
  /** `latency` counts from the intended time, `serviceTime` from the send, `lag` from the intended time to the send. */
  readonly latency: HistogramData;
  readonly serviceTime: HistogramData;
  readonly lag: HistogramData;
  readonly byTarget: readonly SplitDelta[];
  readonly byRequest: readonly SplitDelta[];
  readonly answeredBy: readonly SplitDelta[];
  readonly bytesSent: number;
  readonly bytesReceived: number;
  readonly opened: number;
  readonly loopLagMaxMs: number;
  readonly dialLagMaxMs: number;
  /** The latest failures, up to a limit. */
  readonly newFailures: readonly Outcome[];
  readonly answers: Answers;
}

/** What became of a part of the requests since the last delta. */
export interface SplitDelta {
  readonly name: string;
  readonly ok: number;
  readonly failed: number;
  readonly latency: HistogramData;
}

const maxNewFailures = 1_000;
/**
 * So many times are gathered and then counted all at once. Between two requests the processor's caches are full of the kernel's
 * work, so that counting a single time there costs several times as much as counting one more in a row.
 */
const mostWaiting = 512;
/** When a header has more values than this, the others count as one, so that a value that is always new takes no memory. */
const maxSplits = 200;
const others = "(others)";

/** Counts the requests of one load process, and gives what came in since it was last asked. */
export class Tally {
  readonly #maxFailures: number;
  readonly #targets = new Map<string, SplitCount>();
  readonly #kinds = new Map<string, SplitCount>();
  readonly #answerers = new Map<string, SplitCount>();
  readonly #splitHeader: string | undefined;
  readonly #answers: AnswerLog;
  readonly #latency = new Histogram();
  readonly #serviceTime = new Histogram();
  readonly #lag = new Histogram();
  /** Times of the good answers to `#kind` at `#target` with `#ending` that are not counted yet, in milliseconds. */
  readonly #latencies = new Float64Array(mostWaiting);
  readonly #serviceTimes = new Float64Array(mostWaiting);
  #answersWaiting = 0;
  #target = "";
  #kind: string | undefined;
  #ending: Ending = { class: "ok" };
  readonly #lags = new Float64Array(mostWaiting);
  #lagsWaiting = 0;
  readonly #classes = new Map<FailureClass, number>();
  readonly #statuses = new Map<number, number>();
  readonly #unsentReasons = new Map<string, number>();
  #newFailures: Outcome[] = [];
  #lastStartedMs = 0;
  #scheduled = 0;
  #ok = 0;
  #failed = 0;
  #unsent = 0;
  #open = 0;
  /** Each failure, up to the limit. */
  readonly failures: Outcome[] = [];
  bytesSent = 0;
  bytesReceived = 0;
  opened = 0;
  loopLagMaxMs = 0;
  dialLagMaxMs = 0;

  /** Answers are split by the first of `recordHeaders`. */
  constructor(
    { recordHeaders, maxAnswers }: Pick<LoadPlan, "recordHeaders" | "maxAnswers">,
    maxFailures: number,
  ) {
    this.#answers = new AnswerLog(maxAnswers);
    this.#splitHeader = recordHeaders[0];
    this.#maxFailures = maxFailures;
  }

  /** Requests that were started and have not ended. */
  get inFlight(): number {
    return this.#open;
  }

  /** Counts a request that is being started, `lagMs` later than intended and `atMs` after the start of the schedule. */
  started(lagMs: number, atMs: number): void {
    this.#lastStartedMs = atMs;
    this.#scheduled += 1;
    this.#open += 1;
    if (this.#lagsWaiting === mostWaiting) this.#countLags();
    this.#lags[this.#lagsWaiting++] = lagMs;
  }

  /** Counts a request that the generator itself failed to send: the request has no outcome, and the run proves nothing. */
  notSent(why: string): void {
    this.#unsent += 1;
    this.#open -= 1;
    this.#unsentReasons.set(why, (this.#unsentReasons.get(why) ?? 0) + 1);
  }

  /** Counts a good answer to a request that was due `dueMs` after the start of the schedule. */
  succeeded(
    target: string,
    ending: Ending,
    latencyMs: number,
    serviceTimeMs: number,
    dueMs = 0,
    reused = false,
    kind?: string,
  ): void {
    this.#ok += 1;
    this.#open -= 1;
    const isAlike = ending === this.#ending && target === this.#target && kind === this.#kind;
    if (!isAlike || this.#answersWaiting === mostWaiting) {
      this.#countAnswers();
      this.#ending = ending;
      this.#target = target;
      this.#kind = kind;
    }
    const at = this.#answersWaiting++;
    this.#latencies[at] = latencyMs;
    this.#serviceTimes[at] = serviceTimeMs;
    this.#answers.add(
      dueMs,
      latencyMs,
      this.#splitHeader === undefined ? undefined : ending.headers?.[this.#splitHeader],
      reused,
    );
  }

  failed(outcome: Outcome & { readonly class: FailureClass }): void {
    const { class: failureClass, status, target, request } = outcome;
    this.#failed += 1;
    this.#open -= 1;
    this.#classes.set(failureClass, (this.#classes.get(failureClass) ?? 0) + 1);
    if (status !== undefined) this.#answered(status, 1);
    countOf(this.#targets, target).failed += 1;
    if (request !== undefined) countOf(this.#kinds, request).failed += 1;
    const answerer = this.#answererOf(outcome);
    if (answerer !== undefined) answerer.failed += 1;
    if (this.failures.length < this.#maxFailures) this.failures.push(outcome);
    this.#newFailures.push(outcome);
    if (this.#newFailures.length > 2 * maxNewFailures)
      this.#newFailures = this.#newFailures.slice(-maxNewFailures);
  }

  /** What came in since the last call. */
  take(atMs: number): TallyDelta {
    this.#countAnswers();
    this.#countLags();
    const delta: TallyDelta = {
      atMs,
      lastStartedMs: this.#lastStartedMs,
      scheduled: this.#scheduled,
      ok: this.#ok,
      failed: this.#failed,
      unsent: this.#unsent,
      classes: [...this.#classes],
      statuses: [...this.#statuses],
      unsentReasons: [...this.#unsentReasons],
      latency: this.#latency.toData(),
      serviceTime: this.#serviceTime.toData(),
      lag: this.#lag.toData(),
      byTarget: [...this.#targets].flatMap(takeSplit),
      byRequest: [...this.#kinds].flatMap(takeSplit),
      answeredBy: [...this.#answerers].flatMap(takeSplit),
      bytesSent: this.bytesSent,
      bytesReceived: this.bytesReceived,
      opened: this.opened,
      loopLagMaxMs: this.loopLagMaxMs,
      dialLagMaxMs: this.dialLagMaxMs,
      newFailures: this.#newFailures.slice(-maxNewFailures),
      answers: this.#answers.take(),
    };
    this.#reset();
    return delta;
  }

  #reset(): void {
    this.#scheduled = this.#ok = this.#failed = this.#unsent = 0;
    for (const map of [this.#classes, this.#statuses, this.#unsentReasons]) map.clear();
    for (const histogram of [this.#latency, this.#serviceTime, this.#lag]) histogram.reset();
    this.bytesSent = this.bytesReceived = this.opened = this.loopLagMaxMs = 0;
    this.#newFailures = [];
  }

  #countAnswers(): void {
    const count = this.#answersWaiting;
    if (count === 0) return;
    this.#answersWaiting = 0;
    const latencies = this.#latencies.subarray(0, count);
    recordAll(this.#latency, latencies);
    recordAll(this.#serviceTime, this.#serviceTimes.subarray(0, count));
    this.#answered(this.#ending.status ?? 0, count);
    const kind = this.#kind === undefined ? undefined : countOf(this.#kinds, this.#kind);
    for (const split of [countOf(this.#targets, this.#target), kind, this.#answererOf(this.#ending)]) {
      if (split === undefined) continue;
      split.ok += count;
      recordAll(split.latency, latencies);
    }
  }

  #countLags(): void {
    recordAll(this.#lag, this.#lags.subarray(0, this.#lagsWaiting));
    this.#lagsWaiting = 0;
  }

  #answered(status: number, count: number): void {
    this.#statuses.set(status, (this.#statuses.get(status) ?? 0) + count);
  }

  #answererOf({ headers }: Pick<Ending, "headers">): SplitCount | undefined {
    const value = this.#splitHeader === undefined ? undefined : headers?.[this.#splitHeader];
    if (value === undefined) return undefined;
    const known = this.#answerers.get(value);
    return known ?? countOf(this.#answerers, this.#answerers.size < maxSplits ? value : others);
  }
}

interface SplitCount {
  ok: number;
  failed: number;
  readonly latency: Histogram;
}

function countOf(splits: Map<string, SplitCount>, name: string): SplitCount {
  let split = splits.get(name);
  if (split === undefined) splits.set(name, (split = { ok: 0, failed: 0, latency: new Histogram() }));
  return split;
}

function recordAll(histogram: Histogram, timesMs: Float64Array): void {
  for (const ms of timesMs) histogram.record(ms * 1e6);
}

function takeSplit([name, split]: [string, SplitCount]): SplitDelta[] {
  const { ok, failed, latency } = split;
  if (ok + failed === 0) return [];
  const delta = { name, ok, failed, latency: latency.toData() };
  split.ok = split.failed = 0;
  latency.reset();
  return [delta];
}
