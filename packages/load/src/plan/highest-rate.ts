import type { Pace } from "./plan.ts";

/** Requests per second at the most that an open loop sends. Undefined in a closed loop, which nothing but the answers bounds. */
export function highestRate(pace: Pace): number | undefined {
  if (pace.kind === "closed") return undefined;
  return Math.max(...pace.stages.flatMap(({ fromRate, toRate }) => [fromRate, toRate]));
}
