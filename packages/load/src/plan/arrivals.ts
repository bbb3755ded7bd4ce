import type { Stage } from "./plan.ts";

/** A stage, with the times and the requests up to its start and its end. */
interface Reach {
  readonly startMs: number;
  readonly endMs: number;
  /** Requests before the stage, and up to its end. */
  readonly startCount: number;
  readonly endCount: number;
  readonly fromRate: number;
  /** Twice the change of the rate in a second. */
  readonly twiceSlope: number;
}

/** A fraction of a request this small counts as none: the rounding of a sum that should be whole must not add a request. */
const countTolerance = 1e-6;

/** When requests are due under rates that rise, fall, stay or pause: the integral of the rate over time, and its inverse. */
export class Arrivals {
  /** The duration of all stages together. */
  readonly durationMs: number;
  /** Requests that become due in all stages, as a fraction. */
  readonly expected: number;
  readonly #reaches: readonly Reach[];
  /** Counts are mostly asked for in ascending order, so that the search begins where the last one ended. */
  #at = 0;

  constructor(stages: readonly Stage[]) {
    this.#reaches = reachesOf(stages);
    const last = this.#reaches.at(-1);
    this.durationMs = last?.endMs ?? 0;
    this.expected = last?.endCount ?? 0;
  }

  /** The number of requests at constant arrivals, where request i is sent when the integral passes i. */
  get whole(): number {
    return Math.max(0, Math.ceil(this.expected - countTolerance));
  }

  /** Whether the integral never passes this count. */
  isOver(count: number): boolean {
    return count >= this.expected - countTolerance;
  }

  /**
   * Milliseconds after the start at which the integral of the rate passes `count`. When a pause begins at just this count, the
   * result is the end of the pause. For a count that is never reached the result is the end of the last stage.
   */
  dueMs(count: number): number {
    if (this.isOver(count)) return this.durationMs;
    const reaches = this.#reaches;
    if (count < (reaches[this.#at] as Reach).startCount) this.#at = 0;
    while (count >= (reaches[this.#at] as Reach).endCount - countTolerance) this.#at++;
    const { startMs, endMs, startCount, fromRate, twiceSlope } = reaches[this.#at] as Reach;
    const n = count - startCount;
    if (n < Number.EPSILON) return startMs;
    // The root of n = fromRate t + slope t² / 2 in the form that subtracts nothing: a ramp that is nearly flat loses no digits.
    const root = Math.sqrt(Math.max(0, fromRate * fromRate + twiceSlope * n));
    return Math.min(startMs + (2000 * n) / (fromRate + root), endMs);
  }
}

function reachesOf(stages: readonly Stage[]): Reach[] {
  let endMs = 0;
  let endCount = 0;
  return stages.map(({ fromRate, toRate, durationMs }) => {
    const [startMs, startCount] = [endMs, endCount];
    endMs += durationMs;
    endCount += ((fromRate + toRate) * durationMs) / 2000;
    return {
      startMs,
      endMs,
      startCount,
      endCount,
      fromRate,
      twiceSlope: (2000 * (toRate - fromRate)) / durationMs,
    };
  });
}
