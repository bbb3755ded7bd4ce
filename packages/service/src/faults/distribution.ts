import { SeaworthyError } from "@seaworthy/errors";
import type { Random } from "./random.ts";

/** How delays spread, in whole milliseconds. `normal` is cut off at 0 and at `maxMs`. */
export type Distribution =
  | { readonly kind: "fixed"; readonly ms: number }
  | { readonly kind: "uniform"; readonly minMs: number; readonly maxMs: number }
  | { readonly kind: "normal"; readonly meanMs: number; readonly stddevMs: number; readonly maxMs: number };

/** The longest delay that a distribution may hold: ten minutes. */
export const longestDelayMs = 600_000;

/** One delay of the distribution, in milliseconds. */
export function sample(distribution: Distribution, random: Random): number {
  switch (distribution.kind) {
    case "fixed":
      return distribution.ms;
    case "uniform":
      return distribution.minMs + random() * (distribution.maxMs - distribution.minMs);
    case "normal":
      return sampleNormal(distribution, random);
  }
}

/**
 * Reads `250`, `0..2000`, `normal(200,50)` or `normal(200,50,1000)`: mean, standard deviation, and the longest, which is
 * the mean and four standard deviations when left out. Throws SW8001 for anything else.
 */
export function parseDistribution(text: string, field = "delay"): Distribution {
  const distribution = readForm(text.replaceAll(" ", ""));
  if (distribution === undefined || !isPossible(distribution)) {
    throw new SeaworthyError("SW8001", `${field} cannot be ${JSON.stringify(text)}`, {
      field,
      why:
        `A delay is 250, 0..2000 or normal(200,50) or normal(200,50,1000), in whole milliseconds up to ${longestDelayMs}; ` +
        "in a range the smaller number stands first, and neither mean nor standard deviation is above the longest.",
      seen: [text],
      next: [`write ${field} as one number, a range, or normal(mean,deviation)`],
    });
  }
  return distribution;
}

/** The text that `parseDistribution` reads as this distribution. */
export function formatDistribution(distribution: Distribution): string {
  switch (distribution.kind) {
    case "fixed":
      return String(distribution.ms);
    case "uniform":
      return `${distribution.minMs}..${distribution.maxMs}`;
    case "normal":
      return `normal(${distribution.meanMs},${distribution.stddevMs},${distribution.maxMs})`;
  }
}

function readForm(text: string): Distribution | undefined {
  const fixed = /^\d{1,9}$/.exec(text);
  if (fixed !== null) return { kind: "fixed", ms: Number(text) };
  const uniform = /^(\d{1,9})\.\.(\d{1,9})$/.exec(text);
  if (uniform !== null) return { kind: "uniform", minMs: Number(uniform[1]), maxMs: Number(uniform[2]) };
  const normal = /^normal\((\d{1,9}),(\d{1,9})(?:,(\d{1,9}))?\)$/.exec(text);
  if (normal === null) return undefined;
  const meanMs = Number(normal[1]);
  const stddevMs = Number(normal[2]);
  const maxMs = normal[3] === undefined ? meanMs + 4 * stddevMs : Number(normal[3]);
  return { kind: "normal", meanMs, stddevMs, maxMs };
}

function isPossible(distribution: Distribution): boolean {
  switch (distribution.kind) {
    case "fixed":
      return distribution.ms <= longestDelayMs;
    case "uniform":
      return distribution.minMs <= distribution.maxMs && distribution.maxMs <= longestDelayMs;
    case "normal":
      return (
        Math.max(distribution.meanMs, distribution.stddevMs) <= distribution.maxMs &&
        distribution.maxMs <= longestDelayMs
      );
  }
}

/**
 * Draws by Box and Muller's transform (https://doi.org/10.1214/aoms/1177706645) until one falls between 0 and `maxMs`.
 * When the mean is in that range and the deviation no wider, at least one draw of three does so, and 32 draws all miss
 * less than once in 200,000 times; the result is then the mean.
 */
function sampleNormal(
  { meanMs, stddevMs, maxMs }: { meanMs: number; stddevMs: number; maxMs: number },
  random: Random,
): number {
  for (let draw = 0; draw < 32; draw += 1) {
    const radius = Math.sqrt(-2 * Math.log(1 - random()));
    const ms = meanMs + stddevMs * radius * Math.cos(2 * Math.PI * random());
    if (ms >= 0 && ms <= maxMs) return ms;
  }
  return meanMs;
}
