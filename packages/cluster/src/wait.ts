import type { Clock } from "./clock.ts";

/** Resolves after `delayMs` of the clock; at once when `until` resolves before. Says whether the time ran out. */
export function wait(clock: Clock, delayMs: number, until?: Promise<unknown>): Promise<boolean> {
  return new Promise((resolve) => {
    const cancel = clock.after(Math.max(0, delayMs), () => resolve(true));
    const early = () => {
      cancel();
      resolve(false);
    };
    until?.then(early, early);
  });
}
