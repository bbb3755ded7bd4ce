/**
 * Milliseconds since the epoch with fractions, which no change of the system's clock moves during a run. Code that joins other
 * events to a load's outcomes must take the times of these events from this function.
 */
export function epochMs(): number {
  return performance.timeOrigin + performance.now();
}
