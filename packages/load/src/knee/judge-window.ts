/** What one window at a steady rate showed. */
export interface RateWindow {
  /** Requests that became due in it, and those of them that were answered well before it was over. */
  readonly scheduled: number;
  readonly ok: number;
  readonly failed: number;
  /** From the time at which a request was due. */
  readonly p99Ms: number;
  /** Requests under way, as they were in turn. */
  readonly inFlight: readonly number[];
  /** Why the generator itself was not up to it; undefined where it was. */
  readonly doubt: string | undefined;
}

/** What a service has to keep for a rate to count as served. */
export interface Objective {
  readonly p99Ms: number;
}

/** Of what is offered, so much has to be answered while the window lasts; the rest may be under way at its end. */
const leastServed = 0.99;
/** So many requests more under way are chance. */
const fewInFlight = 10;

/** Why a rate was too much for the service in a window; undefined where it was not. */
export function overloadIn(window: RateWindow, objective: Objective): string | undefined {
  const { scheduled, ok, failed, p99Ms, inFlight } = window;
  if (failed > 0) return `${failed} of ${scheduled} requests failed`;
  const growth = middle(inFlight.slice(-third(inFlight))) - middle(inFlight.slice(0, third(inFlight)));
  const left = scheduled - ok;
  if (left > Math.max(fewInFlight, scheduled * (1 - leastServed)))
    return `only ${((100 * ok) / scheduled).toFixed(1)} % were answered in time`;
  if (growth > Math.max(fewInFlight, scheduled * (1 - leastServed)))
    return `requests under way grew by ${Math.round(growth)}`;
  if (p99Ms > objective.p99Ms) return `p99 ${p99Ms.toFixed(p99Ms < 10 ? 1 : 0)} ms`;
  return undefined;
}

function third(values: readonly number[]): number {
  return Math.max(1, Math.floor(values.length / 3));
}

function middle(values: readonly number[]): number {
  return values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)] ?? 0;
}
