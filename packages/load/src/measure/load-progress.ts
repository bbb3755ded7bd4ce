import type { Outcome } from "./outcome.ts";

/** Counts so far, a few times a second, for a live view. */
export interface LoadProgress {
  readonly elapsedMs: number;
  readonly scheduled: number;
  readonly ok: number;
  readonly failed: number;
  readonly unsent: number;
  readonly inFlight: number;
  /** The latest failures since the last progress message. */
  readonly newFailures: readonly Outcome[];
  /** Latency from the intended send time over the last second, if any request ended in it. */
  readonly recentP50Ms: number | undefined;
  readonly recentP99Ms: number | undefined;
  /** p99 of the send lag so far. */
  readonly lagP99Ms: number;
}
