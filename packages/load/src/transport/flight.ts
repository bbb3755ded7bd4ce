import type { OutcomeClass } from "../measure/outcome.ts";
import type { Lane } from "./lane.ts";

/** A request that has been started and has not ended. Times are milliseconds of `performance.now()`. */
export interface Flight {
  readonly lane: Lane;
  /** The request's number in the run. */
  readonly i: number;
  readonly intendedMs: number;
  readonly startedMs: number;
}

/** How a request ended on its connection. `class` is undefined when the generator itself could not send it. */
export interface Ending {
  readonly class: OutcomeClass | undefined;
  readonly status?: number | undefined;
  readonly detail?: string | undefined;
  /** Those headers of the answer that are to be recorded, if it had any of them. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** What the connection of a request adds to its record. */
export interface Carrier {
  readonly reused: boolean;
  /** The recorded headers of the connection's previous answer. */
  readonly previous: Ending["headers"];
  readonly peer: string | undefined;
}
