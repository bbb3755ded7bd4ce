import type { Clock } from "../clock.ts";

/** A clock for tests: time passes only when told to. */
export interface FakeClock extends Clock {
  /** Lets time pass, and calls back what is due on the way, in order. */
  advance(durationMs: number): void;
  /** How many callbacks are waiting. */
  readonly waiting: number;
}

/** Makes a clock that stands at `startMs`. */
export function fakeClock(startMs = 0): FakeClock {
  let now = startMs;
  let timers: { at: number; callback: () => void }[] = [];
  return {
    now: () => now,
    after(delayMs, callback) {
      const timer = { at: now + Math.max(0, delayMs), callback };
      timers.push(timer);
      return () => {
        timers = timers.filter((other) => other !== timer);
      };
    },
    advance(durationMs) {
      const until = now + durationMs;
      for (;;) {
        const next = timers.filter((timer) => timer.at <= until).sort((a, b) => a.at - b.at)[0];
        if (next === undefined) break;
        timers = timers.filter((timer) => timer !== next);
        now = Math.max(now, next.at);
        next.callback();
      }
      now = until;
    },
    get waiting() {
      return timers.length;
    },
  };
}
