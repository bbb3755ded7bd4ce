import type { Finding } from "../causes/finding.ts";

/** With fewer pod ends without a loss, more than half of all pod ends may lose a request (rule of three): that is no proof. */
export const fewestTerminations = 6;
/** A proof that is worth its name bounds the share of pod ends that lose a request by a tenth. */
const strongShare = 0.1;

/** How many pod ends without a loss bound the share of bad ones so (rule of three). */
export function terminationsFor(share: number): number {
  // Without the little less, 3 / 0.1 would be 31 for some shares, by the way floating point rounds.
  return Math.max(1, Math.ceil(3 / share - 1e-9));
}

/** What a trial wants unless it is told. */
export const strongTerminations = terminationsFor(strongShare);

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

/** Says what few pod ends are worth, and how to get a strong proof. */
export function weakProof(failed: number, terminations: number): Finding[] {
  if (failed > 0 || terminations === 0 || terminations >= strongTerminations) return [];
  const also = `--confidence ${strongShare * 100}%`;
  const text = `${bound(terminations).text}; ${also} ends ${strongTerminations} pods`;
  const advice = { why: text, changes: [], also, place: undefined, text: also };
  return [
    { id: "proof-is-weak", denies: false, deployment: null, container: null, text, place: null, advice },
  ];
}
