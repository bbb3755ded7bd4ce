import type { Socket } from "node:net";
import type { LoadProgress } from "../measure/load-progress.ts";
import type { Interval, LoadReport } from "../measure/load-report.ts";

/** Opens connections, or says where they lead. A rejection carries an errno `code` and may carry `peer`. */
export type Dial = (targetName: string, timeoutMs: number) => Promise<Dialed>;

/** What a dialer answers beside the peer that it chose: a connected socket, or the address to which the load process connects. */
export type Dialed = { readonly peer: string } & ({ readonly socket: Socket } | ChosenAddress);

/** An address that was chosen for one connection. */
export interface ChosenAddress {
  readonly host: string;
  readonly port: number;
  /** Is called when nobody there has answered the connection. */
  unanswered(): void;
}

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
