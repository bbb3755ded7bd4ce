import { createHistogram, type RecordableHistogram } from "node:perf_hooks";
import type { LoadProgress, LoadReport } from "./load-run.ts";
import type { Outcome } from "./outcome.ts";
import type { LoadPlan } from "./plan.ts";

/** Failures kept with all their details; a run with more proves that much anyway. */
const maxFailures = 100_000;
const maxNewFailures = 1_000;
/** Progress comes five times a second, so this many slices make the last second. */
const recentSlices = 5;

/** Counts a run: every outcome, the latencies, how late the generator was, and whether all that can be believed. */
export class Tally {
  readonly #plan: LoadPlan;
  readonly #maxFailures: number;
  readonly #latency = histogram();
  readonly #lag = histogram();
  readonly #failures: Outcome[] = [];
  readonly #answeredBy = new Map<string, number>();
  readonly #unsent = new Map<string, number>();
  #newFailures: Outcome[] = [];
  #recent: RecordableHistogram[] = [histogram()];
  #scheduled = 0;
  #ok = 0;
  #failed = 0;
  #unsentCount = 0;
  #dialLagMaxMs = 0;

  constructor(plan: LoadPlan, keep = maxFailures) {
    this.#plan = plan;
    this.#maxFailures = keep;
  }

  get inFlight(): number {
    return this.#scheduled - this.#ok - this.#failed - this.#unsentCount;
  }

  /** A request has become due and is being started. */
  started(intendedAt: number, sentAt: number): void {
    this.#scheduled++;
    record(this.#lag, sentAt - intendedAt);
  }

  /** A request that the generator itself could not send: it counts for nothing, and the run for nothing either. */
  unsent(why: string): void {
    this.#unsentCount++;
    this.#unsent.set(why, (this.#unsent.get(why) ?? 0) + 1);
  }

  /** How long the dialing process sat on a question and on its answer, beside the dialing. */
  dialLag(lagMs: number): void {
    this.#dialLagMaxMs = Math.max(this.#dialLagMaxMs, lagMs);
  }

  record(outcome: Outcome): void {
    const by = this.#plan.recordHeaders[0];
    const complete =
      outcome.class === "ok" || outcome.class === "bad-status" || outcome.class === "wrong-body";
    const value = by === undefined || !complete ? undefined : outcome.headers?.[by];
    if (value !== undefined) this.#answeredBy.set(value, (this.#answeredBy.get(value) ?? 0) + 1);
    if (outcome.class === "ok") {
      this.#ok++;
      record(this.#latency, outcome.doneAt - outcome.intendedAt);
      record(this.#recent[0] as RecordableHistogram, outcome.doneAt - outcome.intendedAt);
      return;
    }
    this.#failed++;
    if (this.#failures.length < this.#maxFailures) this.#failures.push(outcome);
    this.#newFailures.push(outcome);
    if (this.#newFailures.length > 2 * maxNewFailures)
      this.#newFailures = this.#newFailures.slice(-maxNewFailures);
  }

  /** The counts so far; the next call's new failures begin here. */
  progress(): LoadProgress {
    const lastSecond = histogram();
    for (const slice of this.#recent) if (slice.count > 0) lastSecond.add(slice);
    this.#recent = [histogram(), ...this.#recent.slice(0, recentSlices - 1)];
    const newFailures = this.#newFailures.slice(-maxNewFailures);
    this.#newFailures = [];
    return {
      scheduled: this.#scheduled,
      ok: this.#ok,
      failed: this.#failed,
      inFlight: this.inFlight,
      newFailures,
      recentP99Ms: lastSecond.count > 0 ? percentileMs(lastSecond, 99) : undefined,
    };
  }

  report(startedAt: number, endedAt: number): LoadReport {
    const latency = this.#latency;
    const why = this.#doubts();
    return {
      startedAt,
      endedAt,
      scheduled: this.#scheduled,
      ok: this.#ok,
      failures: this.#failures,
      latency: {
        p50Ms: percentileMs(latency, 50),
        p99Ms: percentileMs(latency, 99),
        p999Ms: percentileMs(latency, 99.9),
        maxMs: maxMs(latency),
      },
      generator: {
        lagP99Ms: percentileMs(this.#lag, 99),
        lagMaxMs: maxMs(this.#lag),
        valid: why.length === 0,
        why: why.length === 0 ? undefined : why.join("; "),
      },
      answeredBy: Object.fromEntries(this.#answeredBy),
    };
  }

  /** Every reason why the run proves nothing. */
  #doubts(): string[] {
    const plan = this.#plan;
    const why: string[] = [];
    const lag = percentileMs(this.#lag, 99);
    if (this.#scheduled === 0) why.push("no request was due");
    if (lag > plan.maxLagP99Ms) {
      why.push(
        `requests were sent late: p99 of the send lag was ${lag.toFixed(1)} ms, the limit is ${plan.maxLagP99Ms} ms`,
      );
    }
    // A pause of that length can make a timeout of an answer that came in time.
    const pause = Math.min(plan.connectTimeoutMs, plan.responseTimeoutMs) / 2;
    if (maxMs(this.#lag) > pause) why.push(`the generator stood still for ${maxMs(this.#lag).toFixed(0)} ms`);
    if (this.#dialLagMaxMs > plan.connectTimeoutMs / 2) {
      why.push(`the process that dials stood still for ${this.#dialLagMaxMs.toFixed(0)} ms`);
    }
    for (const [reason, count] of this.#unsent) why.push(`${count} requests were not sent: ${reason}`);
    const lost = this.#failed - this.#failures.length;
    if (lost > 0) why.push(`${lost} failures more than the ${this.#maxFailures} that are kept`);
    return why;
  }
}

/** Microseconds up to an hour, three figures: 0.1 % of the value. */
function histogram(): RecordableHistogram {
  return createHistogram({ lowest: 1, highest: 3_600_000_000, figures: 3 });
}

function record(into: RecordableHistogram, ms: number): void {
  into.record(Math.min(3_600_000_000, Math.max(1, Math.round(ms * 1000))));
}

function percentileMs(of: RecordableHistogram, percentile: number): number {
  return of.count === 0 ? 0 : of.percentile(percentile) / 1000;
}

function maxMs(of: RecordableHistogram): number {
  return of.count === 0 ? 0 : of.max / 1000;
}
