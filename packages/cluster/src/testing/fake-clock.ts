import type { Clock } from "../clock.ts";

/** A clock for tests: time passes only when told to. */
export interface FakeClock extends Clock {
  /** Lets time pass, and calls back what is due on the way, in order. */
  advance(durationMs: number): void;
  /** How many callbacks are waiting. */
  readonly waiting: number;
  /** When the first of them is due. */
  readonly nextAt: number | undefined;
}

/** Makes a clock that stands at `startMs`. */
export function fakeClock(startMs = 0): FakeClock {
  let now = startMs;
  let timers: { at: number; callback: () => void }[] = [];
  // What is due at the same time goes in the order in which it was asked for.
  const next = () => {
    let [first] = timers;
    for (const timer of timers) if (timer.at < first!.at) first = timer;
    return first;
  };
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
      for (let due = next(); due !== undefined && due.at <= until; due = next()) {
        const { at, callback } = due;
        timers = timers.filter((timer) => timer !== due);
        now = Math.max(now, at);
        callback();
      }
      now = until;
    },
    get waiting() {
      return timers.length;
    },
    get nextAt() {
      return next()?.at;
    },
  };
}

/** A fake clock whose time passes slowly enough for promises to settle after each callback. */
export interface SettlingClock extends Clock {
  advance(durationMs: number): Promise<void>;
}

/** Makes one that stands at `startMs`. */
export function settlingClock(startMs = 1_700_000_000_000): SettlingClock {
  const clock = fakeClock(startMs);
  return {
    now: clock.now,
    after: clock.after,
    async advance(durationMs) {
      const until = clock.now() + durationMs;
      await settle();
      while (clock.nextAt !== undefined && clock.nextAt <= until) {
        clock.advance(clock.nextAt - clock.now());
        await settle();
      }
      clock.advance(until - clock.now());
    },
  };
}

/** Lets everything that is not waiting for a timer or for input run. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
