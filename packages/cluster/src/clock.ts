/** The one source of time inside the cluster, so that a test can hold or hasten it. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Calls back once after `delayMs`. Returns a function that cancels. */
  after(delayMs: number, callback: () => void): () => void;
}

/** Real time. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after(delayMs, callback) {
    const dueMs = Date.now() + delayMs;
    let timer = setTimeout(wake, Math.min(delayMs, longestTimerMs));
    // A timer of more than 24 days would fire at once, so a longer wait has several.
    function wake(): void {
      const leftMs = delayMs > longestTimerMs ? dueMs - Date.now() : 0;
      if (leftMs > 0) timer = setTimeout(wake, Math.min(leftMs, longestTimerMs));
      else callback();
    }
    return () => {
      clearTimeout(timer);
    };
  },
};

/** A clock that goes `speed` times as fast as another one, from where that stands now. */
export function fasterClock(clock: Clock, speed: number): Clock {
  const startMs = clock.now();
  return {
    now: () => startMs + Math.round((clock.now() - startMs) * speed),
    after: (delayMs, callback) => clock.after(delayMs / speed, callback),
  };
}

/** https://nodejs.org/api/timers.html#settimeoutcallback-delay-args */
const longestTimerMs = 2 ** 31 - 1;
