import { parseDistribution, sample, type Distribution } from "./distribution.ts";
import type { FaultRule } from "./fault-rules.ts";
import type { Random } from "./random.ts";

/** The fault of one request: a wait, then the strike, or one of them. */
export interface Fault {
  readonly delayMs: number;
  /** A status to answer with, or the end of the connection. Undefined: the application answers. */
  readonly strike: number | "abort" | undefined;
}

/** Draws the faults of one rule. */
export interface FaultDrawer {
  matches(path: string): boolean;
  /** Draws the fault of the next request. Undefined: none. */
  draw(): Fault | undefined;
}

const noDelay: Distribution = { kind: "fixed", ms: 0 };

/** Makes the drawer of a rule that has been checked. */
export function createFaultDrawer(rule: FaultRule, random: Random): FaultDrawer {
  const {
    path = "*",
    delayPercent = 100,
    errorPercent = 0,
    errorStatuses = [500, 503],
    abortPercent = 0,
  } = rule;
  const delay = rule.delay === undefined ? noDelay : parseDistribution(String(rule.delay));
  const prefix = path.endsWith("*") ? path.slice(0, -1) : undefined;

  function drawStrike(): Fault["strike"] {
    // One number decides on aborts and errors, so that neither takes from the other's share.
    const drawn = random() * 100;
    if (drawn < abortPercent) return "abort";
    if (drawn >= abortPercent + errorPercent) return undefined;
    return errorStatuses[Math.floor(random() * errorStatuses.length)];
  }

  return {
    matches: (requested) => (prefix === undefined ? requested === path : requested.startsWith(prefix)),
    draw() {
      const delayMs = random() * 100 < delayPercent ? sample(delay, random) : 0;
      const strike = drawStrike();
      return delayMs > 0 || strike !== undefined ? { delayMs, strike } : undefined;
    },
  };
}
