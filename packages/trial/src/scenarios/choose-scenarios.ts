import type { Scenario, ScenarioName } from "./scenario.ts";
import type { Timeline } from "../timeline/timeline.ts";

/** What the first scenario showed of how long changes take here; medians, in milliseconds. */
export interface Pace {
  /** From a pod's creation until it is ready. */
  readonly startMs: number;
  /** From a pod's deletion until it is gone. */
  readonly endMs: number;
  /** Pods behind what is asked. */
  readonly replicas: number;
}

/** Beside what it does, each scenario waits until its load is under way, and at the end for one keep-alive period. */
const besidesMs = 7_000;

/** A scenario that would fit, and how long it would take. */
export interface Estimate {
  readonly name: ScenarioName;
  readonly ms: number;
}

/** Of some scenarios as many as fit into the time, the short ones first; both lists keep the order. */
export function chooseScenarios(
  scenarios: readonly Scenario[],
  pace: Pace,
  withinMs: number,
): { readonly chosen: readonly Estimate[]; readonly leftOut: readonly Estimate[] } {
  const estimates = scenarios.map((scenario) => ({
    name: scenario.name,
    ms: scenario.estimateMs(pace) + besidesMs,
  }));
  let leftMs = withinMs;
  const fitting = new Set<Estimate>();
  for (const each of estimates.toSorted((left, right) => left.ms - right.ms)) {
    if (each.ms > leftMs) break;
    leftMs -= each.ms;
    fitting.add(each);
  }
  return {
    chosen: estimates.filter((each) => fitting.has(each)),
    leftOut: estimates.filter((each) => !fitting.has(each)),
  };
}

/** The pace of a timeline. What it does not show is taken to be quick, so that nothing is left out for want of an example. */
export function paceOf({ pods }: Timeline, replicas: number): Pace {
  const starts = pods.flatMap(({ seenAt, ready }) => {
    const readyAt = ready.find((each) => each.ready)?.at;
    // Those that were there before the timeline began were ready when they were first seen.
    return readyAt === undefined || readyAt === seenAt ? [] : [readyAt - seenAt];
  });
  const ends = pods.flatMap(({ deletionSeenAt, goneAt }) =>
    deletionSeenAt === undefined || goneAt === undefined ? [] : [goneAt - deletionSeenAt],
  );
  return { startMs: median(starts), endMs: median(ends), replicas };
}

function median(values: readonly number[]): number {
  return values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)] ?? 0;
}
