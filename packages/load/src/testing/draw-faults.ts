import type { FailureClass } from "../measure/outcome.ts";
import { randomBits } from "../plan/seeded.ts";

/** The failures that a server can cause by what it does to a request. They bear the names under which a client must count them. */
export const faults = [
  "reset-before-answer",
  "closed-before-answer",
  "reset-mid-answer",
  "closed-mid-answer",
  "response-timeout",
  "malformed-answer",
  "bad-status",
  "failed-expectation",
] as const satisfies readonly FailureClass[];

/** A failure of {@link faults}. */
export type Fault = (typeof faults)[number];

/** What is done to a request. */
export type Deed = Fault | "ok";

/** How many requests meet each fault. */
export type FaultNumbers = Readonly<Partial<Record<Fault, number>>>;

/** The deed for each of so many requests, in the order of their arrival: the faults in places drawn by the seed, `ok` in all others. */
export function drawFaults(numbers: FaultNumbers, requests: number, seed: number): readonly Deed[] {
  const deeds: Deed[] = faults.flatMap((fault) => Array.from({ length: numbers[fault] ?? 0 }, () => fault));
  if (deeds.length > requests) throw new RangeError(`${deeds.length} faults do not fit into ${requests}`);
  while (deeds.length < requests) deeds.push("ok");
  const bits = randomBits(seed);
  for (let i = deeds.length - 1; i > 0; i--) {
    const j = Math.floor((bits() / 2 ** 32) * (i + 1));
    [deeds[i], deeds[j]] = [deeds[j] as Deed, deeds[i] as Deed];
  }
  return deeds;
}
