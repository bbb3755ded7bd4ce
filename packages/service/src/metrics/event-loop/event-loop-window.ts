import { createHistogram, performance, type Histogram } from "node:perf_hooks";

/** The activity of the event loop in the last `windowMs`, or up to twice as long. */
export interface EventLoopWindow {
  /** Adds a delay in nanoseconds, of which 1 is the least. */
  record(delayNs: number, nowMs: number): void;
  /** The delays in nanoseconds, exact to a hundredth of their size. */
  delays(): Histogram;
  /** The share of the time in which the loop was busy, from 0 to 1. */
  utilization(): number;
}

/**
 * Makes a window that begins at `nowMs`, on the same clock as later times. There are two halves, one `windowMs` older than
 * the other. A reader gets the older one and changes nothing, so that any number of readers see the same.
 */
export function createEventLoopWindow(windowMs: number, nowMs: number): EventLoopWindow {
  let older = createHalf();
  let newer = createHalf();
  let endMs = nowMs + windowMs;

  function rotate(nowMs: number): void {
    [older, newer] = [newer, older];
    newer.delays.reset();
    newer.start = performance.eventLoopUtilization();
    endMs = nowMs + windowMs;
  }

  return {
    record(delayNs, nowMs) {
      if (nowMs >= endMs) rotate(nowMs);
      older.delays.record(delayNs);
      newer.delays.record(delayNs);
    },
    delays: () => older.delays,
    utilization: () => performance.eventLoopUtilization(older.start).utilization,
  };
}

function createHalf() {
  // An hour at most and two figures: that takes 35 kB, a tenth of what Node's defaults take.
  const delays = createHistogram({ lowest: 1, highest: 3.6e12, figures: 2 });
  return { delays, start: performance.eventLoopUtilization() };
}
