import type { Random } from "./random.ts";

/** A span of milliseconds, from which a delay is drawn. */
export type Range = readonly [minMs: number, maxMs: number];

/** A delay from the range, uniformly distributed. */
export function between([minMs, maxMs]: Range, random: Random): number {
  return minMs + random() * (maxMs - minMs);
}
