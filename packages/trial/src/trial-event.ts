import type { Notice } from "@seaworthy/errors";
import type { LoadProgress } from "@seaworthy/load";
import type { ScenarioResult } from "./verdict/scenario-result.ts";
import type { Failure } from "./verdict/verdict.ts";
import type { Timeline } from "./timeline/timeline.ts";

/** What a trial tells while it runs, for a live view or for plain lines. */
export type TrialEvent =
  /** A step of the preparation began or ended. */
  | { readonly type: "step"; readonly text: string }
  /** Something that a user should know but that stops nothing. */
  | ({ readonly type: "notice" } & Notice)
  | {
      readonly type: "scenario-start";
      readonly name: string;
      readonly ratePerSecond: number;
    }
  | { readonly type: "round-start"; readonly round: number; readonly rounds: number }
  | {
      readonly type: "round-end";
      readonly round: number;
      readonly rounds: number;
      readonly tookMs: number;
      readonly terminations: number;
    }
  | { readonly type: "progress"; readonly load: LoadProgress; readonly timeline: Timeline }
  /** The first request lost by a cause; the verdict has them all. */
  | { readonly type: "loss"; readonly failure: Failure }
  | {
      readonly type: "scenario-end";
      readonly result: ScenarioResult;
      readonly p99Ms: number;
      /** Whether a finding denies the service a good verdict, though no request may have been lost. */
      readonly denied: boolean;
    };

/** Takes the events of a trial as they come. */
export type TrialListener = (event: TrialEvent) => void;
