import { startLoad, steadyPace, type LoadProgress, type LoadReport, type LoadRun } from "@seaworthy/load";
import type { PreparedTrial } from "../prepare-trial.ts";
import { loadOptions } from "./load-options.ts";
import { loadPlan, longestTrialMs } from "./load-plan.ts";

/** The loads of one scenario: the one that runs from its begin to its end, and those that come on top for a while. */
export interface ScenarioLoads extends AsyncDisposable {
  readonly first: LoadRun;
  /** Sends more of the same until what it gives is disposed of. Its streams are the first load's alone. */
  more(ratePerSecond: number): Promise<AsyncDisposable>;
  /** Why nothing is to be gained by sending more: the load is late, or what is asked does not keep up; undefined while neither is so. */
  strain(): string | undefined;
  /** Ends all of them, and gives what they saw, the first one's first. */
  stop(): Promise<readonly [LoadReport, ...LoadReport[]]>;
}

/** Starts the first load of a scenario. `onMore` hears of each that comes on top. */
export async function startScenarioLoads(
  trial: PreparedTrial,
  onMore: (load: LoadRun) => void,
): Promise<ScenarioLoads> {
  const plan = loadPlan(trial);
  const first = await startLoad(plan, loadOptions(trial));
  const others: LoadRun[] = [];
  const latest = new Map<LoadRun, LoadProgress>();
  const follow = (load: LoadRun) => load.onProgress((progress) => latest.set(load, progress));
  follow(first);
  return {
    first,
    strain: () => strainOf([...latest.values()], plan.maxLagP99Ms),
    async more(ratePerSecond) {
      const pace = steadyPace(ratePerSecond, longestTrialMs);
      const seed = plan.seed + others.length + 1;
      const load = await startLoad({ ...plan, seed, pace, streams: [] }, loadOptions(trial));
      others.push(load);
      follow(load);
      onMore(load);
      return {
        async [Symbol.asyncDispose]() {
          await load.stop();
        },
      };
    },
    async stop() {
      const [report, ...reports] = await Promise.all([first, ...others].map((load) => load.stop()));
      return [report!, ...reports];
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([first, ...others].map((load) => load[Symbol.asyncDispose]()));
    },
  };
}

/** A share of lost requests, and a time of requests that wait for answers, with which nobody keeps up any more. */
const lostShare = 0.05;
const waitingSeconds = 1;

/** Why nothing is to be gained by sending more, by what each load counted last. */
export function strainOf(
  loads: readonly Pick<LoadProgress, "elapsedMs" | "scheduled" | "failed" | "inFlight" | "lagP99Ms">[],
  maxLagP99Ms: number,
): string | undefined {
  for (const { elapsedMs, scheduled, failed, inFlight, lagP99Ms } of loads) {
    if (lagP99Ms > maxLagP99Ms)
      return `the load is late: p99 of its send lag is ${lagP99Ms.toFixed(0)} ms, the limit is ${maxLagP99Ms} ms`;
    if (failed > scheduled * lostShare) return `${failed} of ${scheduled} requests were lost`;
    const perSecond = scheduled / (elapsedMs / 1000);
    if (inFlight > perSecond * waitingSeconds)
      return `${inFlight} requests wait for their answers, more than are sent in ${waitingSeconds} s`;
  }
  return undefined;
}
