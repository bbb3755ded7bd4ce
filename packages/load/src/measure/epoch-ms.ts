/**
 * Milliseconds since the epoch with fractions, which no change of the system's clock moves during a run. Whoever joins other
 * events to a load's outcomes takes their times from here.
 */
export function epochMs(): number {
  return performance.timeOrigin + performance.now();
}
