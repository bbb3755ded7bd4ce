/** Milliseconds since the epoch with fractions: the clock that the load generator uses, too. It never steps back. */
export function now(): number {
  return performance.timeOrigin + performance.now();
}
