import { bucketStartNs, rankOf, type Bucket, type HistogramData } from "../measure/histogram.ts";

/** The buckets of a histogram that are not empty, in order; the first and the last end where the values do. */
export function bucketsOf({ counts, minNs, maxNs }: HistogramData): Bucket[] {
  const buckets: Bucket[] = [];
  for (let at = 0; at + 1 < counts.length; at += 2) {
    const fromNs = Math.max(bucketStartNs(counts[at]!), minNs);
    const toNs = Math.min(bucketStartNs(counts[at]! + 1) - 1, maxNs);
    buckets.push({ fromNs, toNs, count: counts[at + 1]! });
  }
  return buckets;
}

/** For each of several percentiles, in rising order, the time that so many per cent of the values do not pass. */
export function percentilesNs(buckets: readonly Bucket[], percentiles: readonly number[]): number[] {
  const total = buckets.reduce((sum, { count }) => sum + count, 0);
  let at = 0;
  let seen = buckets[0]?.count ?? 0;
  return percentiles.map((percentile) => {
    const rank = rankOf(percentile, total);
    while (seen < rank && at + 1 < buckets.length) seen += buckets[++at]!.count;
    return buckets[at]?.toNs ?? 0;
  });
}

/** Where rough buckets may begin within a decade, the finest first. */
const series = [
  [1, 1.1, 1.2, 1.3, 1.4, 1.5, 1.6, 1.8, 2, 2.2, 2.5, 2.8, 3, 3.5, 4, 4.5, 5, 6, 7, 8, 9],
  [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8],
  [1, 1.5, 2, 3, 5, 7],
  [1, 2, 5],
  [1, 3],
  [1],
];

/**
 * Buckets at round limits on a logarithmic scale, as fine as `atMost` of them allow. Each ends where the next one begins, and
 * those between the first and the last may be empty.
 */
export function roughBuckets(buckets: readonly Bucket[], atMost: number): Bucket[] {
  const [first, last] = [buckets[0], buckets.at(-1)];
  if (first === undefined || last === undefined) return [];
  for (const steps of series) {
    const limits = limitsAround(steps, first.fromNs, Math.max(first.fromNs, last.toNs));
    if (limits.length - 1 <= atMost) return fill(limits, buckets);
  }
  return fill([first.fromNs, last.toNs], buckets);
}

/** Round limits from at or below the smallest value to above the largest. */
function limitsAround(steps: readonly number[], fromNs: number, toNs: number): number[] {
  const limits: number[] = [];
  const lowest = Math.floor(Math.log10(Math.max(1, fromNs)));
  for (let power = lowest; limits.length === 0 || limits.at(-1)! <= toNs; power += 1) {
    for (const step of steps) {
      const limit = Math.round(step * 10 ** power);
      if (limit <= Math.max(1, fromNs)) limits.length = 0;
      limits.push(limit);
      if (limit > toNs) return limits;
    }
  }
  return limits;
}

function fill(limits: readonly number[], buckets: readonly Bucket[]): Bucket[] {
  const counts = Array.from({ length: limits.length - 1 }, () => 0);
  let at = 0;
  for (const { fromNs, toNs, count } of buckets) {
    // A fine bucket that spans a limit goes where its middle lies.
    while (at + 1 < counts.length && (fromNs + toNs) / 2 >= limits[at + 1]!) at += 1;
    counts[at]! += count;
  }
  return counts.map((count, index) => ({ fromNs: limits[index]!, toNs: limits[index + 1]!, count }));
}
