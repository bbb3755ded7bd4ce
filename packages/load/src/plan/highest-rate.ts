import type { Pace } from "./plan.ts";

/** The highest rate of an open loop in requests per second. Undefined in a closed loop, where only answers limit the rate. */
export function highestRate(pace: Pace): number | undefined {
  if (pace.kind === "closed") return undefined;
  return Math.max(...pace.stages.flatMap(({ fromRate, toRate }) => [fromRate, toRate]));
}
