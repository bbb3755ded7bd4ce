import type { Clock } from "../../clock.ts";

/** What is watched of a container that the kernel does not hold to its limit. */
export interface MemoryWatch {
  readonly clock: Clock;
  readonly limitBytes: number;
  /** What its processes have for themselves now; undefined when they are gone. */
  readonly usedBytes: () => number | undefined;
  /** Called once, when it has more than its limit. */
  readonly onExceeded: () => void;
}

/** The longest and the shortest time between two looks. */
const longestMs = 1_000;
const shortestMs = 100;

/**
 * Looks again and again at how much memory a container has, the more often the nearer it is to its limit, because a look
 * costs some tenths of a millisecond. Returns a function that stops it.
 */
export function watchMemory({ clock, limitBytes, usedBytes, onExceeded }: MemoryWatch): () => void {
  let cancel = () => {};
  const look = () => {
    const used = usedBytes() ?? 0;
    if (used > limitBytes) onExceeded();
    else cancel = clock.after(pauseMs(used / limitBytes), look);
  };
  cancel = clock.after(shortestMs, look);
  return () => cancel();
}

/** A second for a container with half of its limit, and a tenth of it for one with nine tenths. */
export function pauseMs(share: number): number {
  return Math.round(Math.min(longestMs, Math.max(shortestMs, longestMs * (2.125 - 2.25 * share))));
}
