import { overloadIn, type Objective, type RateWindow } from "./judge-window.ts";

/** Where to look for the knee. Rates are in requests per second. */
export interface KneeSearch {
  readonly from: number;
  readonly most: number;
  /** The search ends when the rate that is too much is not above the one that is served by more than this share. */
  readonly within: number;
  readonly objective: Objective;
  /** Offers a rate for a while. */
  measure(rate: number): Promise<RateWindow>;
}

/** One window of the search. */
export interface TriedRate {
  readonly rate: number;
  readonly window: RateWindow;
  /** Why it was too much; undefined where it was served. */
  readonly overload: string | undefined;
}

/** What the search found. */
export interface Knee {
  /** The highest rate that was served; 0 where none was. */
  readonly rate: number;
  /** What ended it: the service, the generator that could not offer more, or the highest rate allowed. */
  readonly limit: "service" | "generator" | "most";
  readonly tried: readonly TriedRate[];
}

/** A pause of the machine spoils a window now and then. One good window of so many shows that a rate can be served. */
const windowsPerRate = 3;
/** More windows than any search takes: 40 doublings and halvings. */
const mostRates = 40;

/**
 * Finds the highest rate that a service keeps its objective at: doubles the rate until it is too much, then halves the gap. An
 * open loop offers each rate, so that a service that slows down is asked no less.
 */
export async function findKnee(search: KneeSearch): Promise<Knee> {
  const tried: TriedRate[] = [];
  let served = 0;
  let tooMuch = Infinity;
  let limit: Knee["limit"] = "service";
  for (let rates = 0; rates < mostRates && tooMuch > Math.max(served, 1) * (1 + search.within); rates += 1) {
    const rate = nextRate(search, served, tooMuch);
    const result = await tryRate(search, rate, tried);
    if (result === "served") served = rate;
    else tooMuch = rate;
    if (result === "generator") limit = "generator";
    else if (result === "too much") limit = "service";
    if (served >= search.most) return { rate: served, limit: "most", tried };
  }
  return { rate: served, limit, tried };
}

/** In the middle of the gap as people hear it: by the same factor from both ends. */
function nextRate({ from, most }: KneeSearch, served: number, tooMuch: number): number {
  if (served === 0) return rounded(tooMuch === Infinity ? Math.min(from, most) : tooMuch / 2);
  if (tooMuch === Infinity) return Math.min(rounded(served * 2), most);
  return Math.sqrt(served * tooMuch);
}

function rounded(rate: number): number {
  return Math.max(1, rate);
}

async function tryRate(
  { measure, objective }: KneeSearch,
  rate: number,
  tried: TriedRate[],
): Promise<"served" | "too much" | "generator"> {
  let doubts = 0;
  for (let count = 0; count < windowsPerRate; count += 1) {
    const window = await measure(rate);
    const overload = window.doubt ?? overloadIn(window, objective);
    tried.push({ rate, window, overload });
    if (overload === undefined) return "served";
    if (window.doubt !== undefined) doubts += 1;
  }
  return doubts === windowsPerRate ? "generator" : "too much";
}
