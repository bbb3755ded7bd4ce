import type { Knee } from "@seaworthy/load";
import type { Recommendation } from "./recommend.ts";

/** The name of the JSON form. A minor addition keeps it, a breaking change makes it v2. */
export const sizeSchema = "seaworthy.dev/size/v1";

/** What the pods of a service used while a rate was offered. */
export interface UsedResources {
  /** CPU time per time, in cores. */
  readonly cores: number;
  readonly peakBytes: number;
  /** Of the time, so much its processes stood still because of their CPU limit; null where none is in force. */
  readonly throttledShare: number | null;
}

/** One window of the search. */
export interface SizeWindow extends UsedResources {
  readonly ratePerSecond: number;
  readonly pods: number;
  readonly served: boolean;
  /** Why the rate was too much. */
  readonly why: string | null;
  readonly p99Ms: number;
}

/** The answer of `seaworthy size`. */
export interface SizeResult {
  readonly schema: typeof sizeSchema;
  readonly deployment: { readonly namespace: string; readonly name: string; readonly container: string };
  readonly objective: { readonly p99Ms: number };
  readonly wish: { readonly ratePerSecond: number; readonly growthPerMinute: number };
  /** What one pod serves. `limit` says what ended the search: only with `service` is this the service's own knee. */
  readonly knee: UsedResources & {
    readonly ratePerSecond: number;
    readonly limit: Knee["limit"];
    readonly p99Ms: number;
  };
  /** What several pods serve, where that was tried, and what share that is of as many single ones. */
  readonly several: readonly {
    readonly pods: number;
    readonly ratePerSecond: number;
    readonly share: number;
  }[];
  /** From a pod's creation to its readiness. */
  readonly startedMs: number;
  readonly windows: readonly SizeWindow[];
  readonly recommendation: Recommendation;
  /** What this run cannot know, each in a sentence. */
  readonly unknown: readonly string[];
  readonly seed: number;
}
