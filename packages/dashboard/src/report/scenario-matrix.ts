import { countText, table } from "@seaworthy/load";
import { lostOf } from "@seaworthy/trial";
import type { SavedRun } from "./saved-run.ts";

/** Scenario by scenario what was lost by which cause; empty with one scenario, of which the causes tell all. */
export function scenarioMatrix({ scenarios, causes, failures, streams }: SavedRun): string {
  if (scenarios.length < 2) return "";
  const names = [...new Set(causes.map(({ cause }) => cause))];
  const rows = scenarios.map((scenario) => [
    scenario.name,
    scenario.verdict,
    countText(scenario.terminations),
    countText(scenario.requests.scheduled),
    countText(lostOf(scenario)),
    ...names.map((name) =>
      countText(
        failures.filter((failure) => failure.scenario === scenario.name && failure.cause === name).length,
      ),
    ),
    ...(streams === undefined
      ? []
      : [countText(streams.breaks.filter(({ scenario: name }) => name === scenario.name).length)]),
  ]);
  const titles = [
    "scenario",
    "outcome",
    "#pods ended",
    "#requests",
    "#lost",
    ...names.map((name) => `#${name}`),
    ...(streams === undefined ? [] : ["#streams broken"]),
  ];
  return table("What was lost in which scenario, by which cause", titles, rows);
}
