import { performance, type Histogram } from "node:perf_hooks";
import { createEventLoopWindow, type EventLoopWindow } from "./event-loop-window.ts";

/** Watches how late the event loop runs due work. */
export interface EventLoopMonitor extends Disposable {
  /** The window for metrics. No usual scrape interval is longer, so that a scrape misses nothing. */
  readonly window: EventLoopWindow;
  /**
   * The 99th percentile of the delay in the last seconds, in milliseconds, and never the longest delay: one pause alone,
   * such as that of a start, is no overload. Cheap enough to ask for at each request.
   */
  delayP99Ms(): number;
}

/** Options for watching the event loop. */
export interface EventLoopMonitorOptions {
  /** The time between two samples. */
  readonly resolutionMs?: number;
  readonly windowMs?: number;
  /** The length of the window for `delayP99Ms`: short, so that load shedding ends soon after the overload. */
  readonly recentMs?: number;
}

/**
 * Starts to watch. A timer measures how much later than `resolutionMs` it runs, which is near 0 in an idle loop; Node's
 * `monitorEventLoopDelay` adds the resolution to each value, and shares one set of values between all its readers.
 */
export function startEventLoopMonitor(options: EventLoopMonitorOptions = {}): EventLoopMonitor {
  const { resolutionMs = 40, windowMs = 30_000, recentMs = 2_000 } = options;
  let lastMs = performance.now();
  const window = createEventLoopWindow(windowMs, lastMs);
  const recent = createEventLoopWindow(recentMs, lastMs);
  let delayP99Ms = 0;
  const timer = setInterval(() => {
    const nowMs = performance.now();
    // 1 is the least that Node's histogram takes.
    const delayNs = Math.max(1, Math.round((nowMs - lastMs - resolutionMs) * 1e6));
    lastMs = nowMs;
    window.record(delayNs, nowMs);
    recent.record(delayNs, nowMs);
    delayP99Ms = percentile99(recent.delays()) / 1e6;
  }, resolutionMs);
  timer.unref();
  return {
    window,
    delayP99Ms: () => delayP99Ms,
    [Symbol.dispose]: () => clearInterval(timer),
  };
}

function percentile99(delays: Histogram): number {
  const { count } = delays;
  return count < 2 ? 0 : delays.percentile(Math.min(99, (100 * (count - 1)) / count));
}
