import type { Clock } from "../../clock.ts";

/** A clock that stands still until it is moved. */
export interface FakeClock extends Clock {
  /** Moves on, running what is due in order, and lets promises settle in between. */
  advance(ms: number): Promise<void>;
}

export function createFakeClock(): FakeClock {
  let nowMs = 1_700_000_000_000;
  let timers: { atMs: number; callback: () => void }[] = [];
  return {
    now: () => nowMs,
    after(delayMs, callback) {
      const timer = { atMs: nowMs + delayMs, callback };
      timers.push(timer);
      return () => {
        timers = timers.filter((other) => other !== timer);
      };
    },
    async advance(ms) {
      const endMs = nowMs + ms;
      await settle();
      for (;;) {
        const due = timers.toSorted((a, b) => a.atMs - b.atMs)[0];
        if (due === undefined || due.atMs > endMs) break;
        nowMs = due.atMs;
        timers = timers.filter((other) => other !== due);
        due.callback();
        await settle();
      }
      nowMs = endMs;
    },
  };
}

/** Lets everything that is not waiting for a timer or for input run. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
