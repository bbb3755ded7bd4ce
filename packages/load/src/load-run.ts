import type { Socket } from "node:net";
import type { Outcome } from "./outcome.ts";

/** What a dialer answers: a connected socket and the peer it chose. A rejection carries an errno `code` and may carry `peer`. */
export type Dial = (targetName: string, timeoutMs: number) => Promise<{ socket: Socket; peer: string }>;

/** Counts so far, a few times a second, for a live view. */
export interface LoadProgress {
  readonly scheduled: number;
  readonly ok: number;
  readonly failed: number;
  readonly inFlight: number;
  /** The latest failures since the last progress message. */
  readonly newFailures: readonly Outcome[];
  /** p99 of latency from the intended send time over the last second, if any request ended in it. */
  readonly recentP99Ms: number | undefined;
}

/** The whole run. Latency counts from the intended send time and only over ok requests. */
export interface LoadReport {
  readonly startedAt: number;
  readonly endedAt: number;
  readonly scheduled: number;
  readonly ok: number;
  readonly failures: readonly Outcome[];
  readonly latency: {
    readonly p50Ms: number;
    readonly p99Ms: number;
    readonly p999Ms: number;
    readonly maxMs: number;
  };
  readonly generator: {
    readonly lagP99Ms: number;
    readonly lagMaxMs: number;
    readonly valid: boolean;
    readonly why: string | undefined;
  };
  /** Answered requests per value of the first of `recordHeaders`, to tell how traffic spread. */
  readonly answeredBy: Readonly<Record<string, number>>;
}

/** A running load generator: a process of its own, so that nothing else delays it. */
export interface LoadRun extends AsyncDisposable {
  onProgress(listener: (progress: LoadProgress) => void): void;
  /** Stops scheduling, lets requests in flight end, and gives the report. */
  stop(): Promise<LoadReport>;
}
