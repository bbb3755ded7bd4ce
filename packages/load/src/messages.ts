import type { LoadProgress, LoadReport } from "./load-run.ts";
import type { LoadPlan } from "./plan.ts";

/** What the parent tells the load process. A `dialed` with a socket carries it as the message's handle. */
export type ToLoadProcess =
  | { readonly type: "start"; readonly plan: LoadPlan }
  | { readonly type: "stop" }
  | ({ readonly type: "dialed"; readonly id: number; readonly lag: DialLag } & DialResult);

/** How a dial ended: connected (the socket travels beside the message), or failed with an errno. */
export type DialResult = { readonly peer: string } | { readonly peer?: string; readonly code: string };

/** When the parent had the question and when it gave the answer away, on the clock which all processes share. */
export interface DialLag {
  readonly questionMs: number;
  readonly answeredAt: number;
}

/** What the load process tells the parent. */
export type FromLoadProcess =
  | { readonly type: "started" }
  | { readonly type: "progress"; readonly progress: LoadProgress }
  | { readonly type: "report"; readonly report: LoadReport }
  /** The socket that was on its way has arrived. */
  | { readonly type: "taken" }
  | { readonly type: "dial"; readonly id: number; readonly target: string; readonly askedAt: number };

/** Milliseconds on the monotonic clock that every process of this machine shares; for differences between processes. */
export function sharedClockMs(): number {
  return Number(process.hrtime.bigint() / 1000n) / 1000;
}
