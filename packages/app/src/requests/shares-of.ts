/** All shares of a mix together: so many requests, drawn anew each time, have the mix exactly. */
export const mostShares = 1_000;

/**
 * Whole shares in the proportion of some counts, of which none gets nothing: counts that add up to `mostShares` or less as
 * they are, others scaled down to about as many.
 */
export function sharesOf(counts: readonly number[]): number[] {
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total <= mostShares) return [...counts];
  return counts.map((count) => Math.max(1, Math.round((count * mostShares) / total)));
}
