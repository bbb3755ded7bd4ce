import { startLoad, steadyPace, type LoadReport, type LoadRun } from "@seaworthy/load";
import type { PreparedTrial } from "../prepare-trial.ts";
import { loadOptions } from "./load-options.ts";
import { loadPlan, longestTrialMs } from "./load-plan.ts";

/** The loads of one scenario: the one that runs from its begin to its end, and those that come on top for a while. */
export interface ScenarioLoads extends AsyncDisposable {
  readonly first: LoadRun;
  /** Sends more of the same until what it gives is disposed of. Its streams and single answers are the first load's alone. */
  more(ratePerSecond: number): Promise<AsyncDisposable>;
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
  return {
    first,
    async more(ratePerSecond) {
      const pace = steadyPace(ratePerSecond, longestTrialMs);
      const seed = plan.seed + others.length + 1;
      const load = await startLoad({ ...plan, seed, pace, streams: [], maxAnswers: 0 }, loadOptions(trial));
      others.push(load);
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
