import type { Finding } from "../causes/finding.ts";
import type { ScenarioResult } from "./scenario-result.ts";

/** With fewer pod ends without a loss, more than half of all pod ends may lose a request (rule of three): that is no proof. */
export const fewestTerminations = 6;
/** From here on fewer than one pod end in ten loses a request. */
const strongTerminations = 30;

/** The rule of three: 0 failures in k trials bounds the rate by 3/k with 95 % confidence. */
export function bound(terminations: number): { readonly perTermination: number; readonly text: string } {
  const perTermination = Math.min(1, 3 / terminations);
  const percent = (perTermination * 100).toFixed(perTermination < 0.1 ? 1 : 0);
  return {
    perTermination,
    text: `0 lost in ${terminations} pod ${terminations === 1 ? "end" : "ends"}: fewer than ${percent} % of pod ends lose a request (95 % confidence)`,
  };
}

/** How many rounds end so many pods, where as many end in a round as did. */
export function roundsFor(wanted: number, terminations: number, rounds: number): number {
  const perRound = Math.max(1, terminations / Math.max(1, rounds));
  return Math.ceil(wanted / perRound);
}

/** Says what few pod ends are worth, and how many rounds would make the proof a strong one. */
export function weakProof(
  failed: number,
  terminations: number,
  scenarios: readonly Pick<ScenarioResult, "rounds">[],
): Finding[] {
  if (failed > 0 || terminations === 0 || terminations >= strongTerminations) return [];
  const done = scenarios.reduce((sum, { rounds }) => sum + rounds, 0);
  const rounds = roundsFor(strongTerminations, terminations, done);
  const also = `--rounds ${rounds}`;
  const text = `${bound(terminations).text}; --rounds ${rounds} would bound it by 10 %`;
  const advice = { why: text, changes: [], also, place: undefined, text: also };
  return [
    { id: "proof-is-weak", denies: false, deployment: null, container: null, text, place: null, advice },
  ];
}
