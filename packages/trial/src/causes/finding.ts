import type { Advice } from "./advice.ts";

/** What was found of how pods end, whether or not a request met it. The ids are part of the verdict's schema. */
export type FindingId =
  | "killed-by-grace"
  | "connection-cut-on-exit"
  | "answers-badly-while-draining"
  | "signal-not-passed-on"
  | "sidecar-ended-first"
  | "pre-stop-failed"
  | "idle-connection-closed"
  | "proof-is-weak";

/** One finding. */
export interface Finding {
  readonly id: FindingId;
  /** With it a service is not seaworthy, also when no request was lost this time. */
  readonly denies: boolean;
  readonly deployment: string | null;
  readonly container: string | null;
  /** What was seen, in one sentence. */
  readonly text: string;
  /** `file:line` of the field or of the object around it. */
  readonly place: string | null;
  /** What to do. */
  readonly advice: Advice;
}
