import { unpackAnswers } from "../answer-columns.ts";
import type { Loss } from "../losses.ts";
import type { SavedRun } from "../saved-run.ts";

/** One bin of the run's time: requests by when they were due. */
export interface Bin {
  readonly fromMs: number;
  readonly ok: number;
  readonly lost: number;
  readonly p50Ms: number | undefined;
  readonly p99Ms: number | undefined;
  /** Latencies of the good answers, ascending. */
  readonly latenciesMs: readonly number[];
}

/** The run in bins of `binMs`, at most `mostBins`. */
export interface Course {
  readonly binMs: number;
  readonly bins: readonly Bin[];
}

const finestMs = 100;
const mostBins = 420;

/** How many requests were due, answered and lost, bin by bin; undefined where the file does not keep single answers. */
export function courseOf(run: SavedRun, losses: readonly Loss[]): Course | undefined {
  const { answers, startedAt, endedAt } = run.load;
  if (answers === undefined || answers.count === 0) return undefined;
  const lengthMs = Math.max(finestMs, endedAt - startedAt);
  const binMs = Math.ceil(lengthMs / mostBins / finestMs) * finestMs;
  const draft = Array.from({ length: Math.ceil(lengthMs / binMs) }, () => ({
    lost: 0,
    latencies: [] as number[],
  }));
  const binAt = (ms: number) => draft[Math.min(draft.length - 1, Math.max(0, Math.floor(ms / binMs)))]!;
  const { dueMs, latencyMs } = unpackAnswers(answers);
  for (const [at, due] of dueMs.entries()) binAt(due).latencies.push(latencyMs[at]!);
  for (const { times, atMs, stream } of losses)
    if (stream === undefined) binAt(times === undefined ? atMs : times.dueAt - startedAt).lost += 1;
  return {
    binMs,
    bins: draft.map(({ lost, latencies }, at) => {
      const sorted = latencies.toSorted((left, right) => left - right);
      const rank = (share: number) => sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)];
      return {
        fromMs: at * binMs,
        ok: sorted.length,
        lost,
        p50Ms: rank(0.5),
        p99Ms: rank(0.99),
        latenciesMs: sorted,
      };
    }),
  };
}
