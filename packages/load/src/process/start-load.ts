import { epochMs } from "../measure/epoch-ms.ts";
import type { Interval, LoadReport } from "../measure/load-report.ts";
import type { LoadProgress } from "../measure/load-progress.ts";
import { LoadTotals } from "../measure/load-totals.ts";
import { Timeline } from "../measure/timeline.ts";
import type { LoadPlan } from "../plan/plan.ts";
import { schedule } from "../plan/schedule.ts";
import { validatePlan } from "../plan/validate-plan.ts";
import { checkLimits, portWarnings } from "./check-limits.ts";
import { LoadWorker } from "./load-worker.ts";
import type { Dial, LoadRun } from "./load-run.ts";
import { sharedClockMs, type WorkerResult } from "./messages.ts";
import { prepareTargets } from "./prepare-targets.ts";

/** What `startLoad` takes beside the plan. */
export interface StartLoadOptions {
  /** Opens the connections of `dialed` targets in this process, or says where they lead. */
  readonly dial?: Dial;
  /**
   * A command that enters a network and becomes the command that follows it: then the load is sent from there, and from there
   * all addresses must be reachable.
   */
  readonly enter?: readonly string[];
  /** Kills the run; its report is then lost. */
  readonly signal?: AbortSignal;
}

/** Time between the order to start and the first request, in which the order reaches all workers. */
const leadMs = 50;
/** The most intervals that are kept unread; beyond it the oldest are dropped. */
const mostUnread = 3_600;

/**
 * Starts a run in processes of its own; fulfilled when its schedule is about to begin. Rejects with SW5001 when the plan cannot be
 * run, SW5003 for a host without an address, SW5004 when the system's limits are too low, SW5005 when a server's certificate is
 * not to be trusted.
 */
export async function startLoad(plan: LoadPlan, options: StartLoadOptions = {}): Promise<LoadRun> {
  validatePlan(plan, { canDial: options.dial !== undefined });
  options.signal?.throwIfAborted();
  checkLimits(plan);
  const prepared = await prepareTargets(plan);
  const run = new WorkersRun(prepared, portWarnings(plan), options);
  await run.begin();
  return run;
}

class WorkersRun implements LoadRun {
  readonly #plan: LoadPlan;
  readonly #workers: readonly LoadWorker[];
  readonly #timeline: Timeline;
  readonly #totals: LoadTotals;
  readonly #warnings: readonly string[];
  readonly #report = Promise.withResolvers<LoadReport>();
  readonly #listeners: ((progress: LoadProgress) => void)[] = [];
  readonly #unread: Interval[] = [];
  readonly #signal: AbortSignal | undefined;
  #wake = Promise.withResolvers<void>();
  #startAt = 0;
  #startedAt = 0;
  #stoppedMs: number | undefined;
  #deltas = 0;
  #isOver = false;

  constructor(plan: LoadPlan, warnings: readonly string[], options: StartLoadOptions) {
    const { signal } = options;
    this.#plan = plan;
    this.#warnings = warnings;
    this.#signal = signal;
    this.#timeline = new Timeline(plan);
    this.#totals = new LoadTotals(plan);
    this.#workers = Array.from(
      { length: plan.workers },
      (_, worker) =>
        new LoadWorker(plan, worker, options, (delta) => {
          this.#totals.add(delta);
          this.#tell(this.#timeline.add({ ...delta, worker }));
        }),
    );
    // A caller that never asks for the report must not crash on its failure, so the rejection counts as handled here.
    this.#report.promise.catch(() => undefined);
    void this.#finish();
    signal?.addEventListener("abort", this.#onAbort, { once: true });
  }

  get processIds(): readonly number[] {
    return this.#workers.map(({ processId }) => processId);
  }

  get report(): Promise<LoadReport> {
    return this.#report.promise;
  }

  /** Fulfilled when every worker is ready; the schedule then begins in a moment. */
  async begin(): Promise<void> {
    try {
      await Promise.all(this.#workers.map(({ ready }) => ready));
      this.#signal?.throwIfAborted();
    } catch (error) {
      await this[Symbol.asyncDispose]();
      throw error;
    }
    this.#startAt = sharedClockMs() + leadMs;
    this.#startedAt = epochMs() + leadMs;
    for (const worker of this.#workers) worker.start(this.#startAt);
  }

  onProgress(listener: (progress: LoadProgress) => void): void {
    this.#listeners.push(listener);
  }

  async *intervals(): AsyncIterable<Interval> {
    for (;;) {
      const next = this.#unread.shift();
      if (next !== undefined) yield next;
      else if (this.#isOver) return void (await this.#report.promise);
      else await this.#wake.promise;
    }
  }

  async stop(): Promise<LoadReport> {
    this.#stoppedMs ??= Math.max(0, sharedClockMs() - this.#startAt);
    for (const worker of this.#workers) worker.stop();
    return await this.#report.promise;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#signal?.removeEventListener("abort", this.#onAbort);
    await Promise.all(this.#workers.map((worker) => worker[Symbol.asyncDispose]()));
  }

  readonly #onAbort = (): void => {
    for (const worker of this.#workers) worker.kill(this.#signal?.reason);
  };

  async #finish(): Promise<void> {
    try {
      const kept = await Promise.all(this.#workers.map(({ finished }) => finished));
      this.#tell(this.#timeline.finish());
      this.#report.resolve(this.#sumUp(kept));
    } catch (error) {
      this.#report.reject(error);
      for (const worker of this.#workers) worker.kill(error);
    } finally {
      this.#isOver = true;
      this.#signal?.removeEventListener("abort", this.#onAbort);
      this.#wake.resolve();
    }
  }

  #sumUp(kept: readonly WorkerResult[]): LoadReport {
    const failures = kept.flatMap((each) => each.failures);
    const streamEnds = kept.flatMap((each) => each.streamEnds);
    const { intendedRate, durationMs } = schedule(this.#plan);
    // A closed loop has no schedule: its requests became due until the last one was sent.
    const scheduleMs = this.#plan.pace.kind === "closed" ? 0 : durationMs;
    return this.#totals.report({
      startedAt: this.#startedAt,
      endedAt: epochMs(),
      scheduleMs: Math.min(scheduleMs, this.#stoppedMs ?? Number.POSITIVE_INFINITY),
      intendedRate,
      failures: failures.toSorted((a, b) => a.doneAt - b.doneAt),
      streams: kept.flatMap((each) => each.streams),
      streamEnds: streamEnds.toSorted((a, b) => a.endedAt - b.endedAt),
      unendedStreams: kept.flatMap((each) => each.unendedStreams),
      intervals: this.#timeline.rows(),
      warnings: this.#warnings,
    });
  }

  /** Tells progress once per delta of every worker, so that listeners are not called more often when there are more workers. */
  #tell(intervals: readonly Interval[]): void {
    this.#unread.push(...intervals);
    if (this.#unread.length > mostUnread) this.#unread.splice(0, this.#unread.length - mostUnread);
    this.#wake.resolve();
    this.#wake = Promise.withResolvers<void>();
    this.#deltas += 1;
    if (this.#deltas % this.#workers.length !== 0) return;
    const progress = this.#totals.progress();
    for (const listener of this.#listeners) listener(progress);
  }
}
