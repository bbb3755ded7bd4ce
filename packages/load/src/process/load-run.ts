import type { Socket } from "node:net";
import type { LoadProgress } from "../measure/load-progress.ts";
import type { Interval, LoadReport } from "../measure/load-report.ts";

/** What a dialer answers: a connected socket and the peer it chose. A rejection carries an errno `code` and may carry `peer`. */
export type Dial = (targetName: string, timeoutMs: number) => Promise<{ socket: Socket; peer: string }>;

/** A running load generator: processes of its own, so that nothing else delays it. */
export interface LoadRun extends AsyncDisposable {
  /** The load processes. */
  readonly processIds: readonly number[];
  onProgress(listener: (progress: LoadProgress) => void): void;
  /** Gives each second of the run when that second is over, until the run ends. */
  intervals(): AsyncIterable<Interval>;
  /** Fulfilled when the schedule has ended or was stopped, and the last request has ended. */
  readonly report: Promise<LoadReport>;
  /** Stops scheduling, lets requests in flight end, and gives the report. */
  stop(): Promise<LoadReport>;
}
