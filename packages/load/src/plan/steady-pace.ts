import type { Pace } from "./plan.ts";

/** An open loop at one rate throughout, in requests per second, evenly. */
export function steadyPace(ratePerSecond: number, durationMs: number): Pace & { readonly kind: "open" } {
  return {
    kind: "open",
    arrivals: "constant",
    stages: [{ fromRate: ratePerSecond, toRate: ratePerSecond, durationMs }],
  };
}
