import type { ScenarioName } from "../scenarios/scenario.ts";
import type { ScenarioResult } from "./scenario-result.ts";
import type { Verdict } from "./verdict.ts";

/**
 * What a service went through, as a headline counts it: the pods that were asked to end, by which losses are bounded; where there
 * was none, what was done instead.
 */
export function whatWasDone(
  { terminations, scenarios }: Pick<Verdict, "terminations" | "scenarios">,
  podEnd: "pod end" | "pod termination" = "pod end",
): string {
  const done = terminations > 0 ? [] : scenarios.flatMap((scenario) => doneIn(scenario));
  const last = done.at(-1);
  if (last === undefined) return counted(terminations, podEnd, `${podEnd}s`);
  return done.length === 1 ? last : `${done.slice(0, -1).join(", ")} and ${last}`;
}

/** What a round of a scenario is, one and many; of those whose pods are not asked to end. */
const rounds: Partial<Record<ScenarioName, readonly [one: string, many: string]>> = {
  "bad-release": ["bad release", "bad releases"],
  "bad-answers": ["release that answers badly", "releases that answer badly"],
  "pod-kill": ["kill", "kills"],
  "node-loss": ["node loss", "node losses"],
  "edge-restart": ["restart of the edge", "restarts of the edge"],
};

function doneIn({ name, rounds: count, startedAt, endedAt }: ScenarioResult): string[] {
  const words = rounds[name as ScenarioName];
  if (count > 0 && words !== undefined) return [counted(count, ...words)];
  if (name !== "soak") return [];
  return [`${Math.round((Date.parse(endedAt) - Date.parse(startedAt)) / 1000)} s without a change`];
}

function counted(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}
