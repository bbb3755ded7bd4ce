import type { CauseEvidence } from "../causes/cause-evidence.ts";

/** Evidence of pods of which nothing was seen but that they ended. */
export const exampleEvidence: CauseEvidence = {
  latestMs: undefined,
  signal: "SIGTERM",
  endsAtOnce: false,
  servedMs: undefined,
  endedFirst: undefined,
  receiver: undefined,
  listener: undefined,
  handlesSignal: undefined,
  openAtKill: undefined,
  status: undefined,
  idleTimeoutMs: undefined,
  edgeIdleMs: 60_000,
  path: "/",
};
