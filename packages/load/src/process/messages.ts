import type { Outcome } from "../measure/outcome.ts";
import type { StreamEnd, StreamReport, UnendedStream } from "../measure/stream-end.ts";
import type { TallyDelta } from "../measure/tally.ts";
import type { LoadPlan } from "../plan/plan.ts";

/** What the parent tells a load process. A `dialed` with a socket carries it as the message's handle. */
export type ToLoadProcess =
  | { readonly type: "prepare"; readonly plan: LoadPlan; readonly worker: number }
  /** `startAt` is a time of the shared clock. */
  | { readonly type: "start"; readonly startAt: number }
  | { readonly type: "stop" }
  | ({ readonly type: "dialed"; readonly id: number; readonly lag: DialLag } & DialResult);

/** How a dial ended: connected (the socket travels beside the message), with an address to connect to, or failed with an errno. */
export type DialResult =
  | { readonly peer: string; readonly address?: { readonly host: string; readonly port: number } }
  | { readonly peer?: string; readonly code: string };

/** What a load process kept until its end. */
export interface WorkerResult {
  readonly failures: readonly Outcome[];
  readonly streams: readonly StreamReport[];
  readonly streamEnds: readonly StreamEnd[];
  readonly unendedStreams: readonly UnendedStream[];
}

/** When the parent got the question and when it sent the answer, on the clock that all processes share. */
export interface DialLag {
  readonly questionMs: number;
  readonly answeredAt: number;
}

/** What a load process tells the parent. */
export type FromLoadProcess =
  /** The code of the load process is loaded and has run once. */
  | { readonly type: "ready" }
  | { readonly type: "delta"; readonly delta: TallyDelta }
  /** The last message: every request has ended. */
  | ({ readonly type: "finished"; readonly delta: TallyDelta } & WorkerResult)
  /** The socket that was on its way has arrived. */
  | { readonly type: "taken" }
  /** Nobody has answered the connection to the address that this question was answered with. */
  | { readonly type: "unanswered"; readonly id: number }
  | { readonly type: "dial"; readonly id: number; readonly target: string; readonly askedAt: number };

/** Milliseconds on the monotonic clock that every process of this machine shares; for differences between processes. */
export function sharedClockMs(): number {
  return Number(process.hrtime.bigint() / 1000n) / 1000;
}
