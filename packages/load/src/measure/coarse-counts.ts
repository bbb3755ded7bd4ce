import { bucketStartNs, type HistogramData, rankOf } from "./histogram.ts";

/**
 * Buckets of a histogram with two digits in place of three, eight to one: as index, count, index, count… in ascending order.
 * They are packed because thousands of them are kept. At 500,000 requests/s a bucket can count for two hours.
 */
export type CoarseCounts = Uint32Array;

const finePerCoarse = 8;

/** The buckets of a histogram, made coarse. */
export function coarsen({ counts }: HistogramData): CoarseCounts {
  const coarse = new Writer(counts.length);
  for (let at = 0; at < counts.length; at += 2) {
    coarse.put(Math.floor((counts[at] as number) / finePerCoarse), counts[at + 1] as number);
  }
  return coarse.end();
}

/** The sum of two sets of counts. */
export function mergeCounts(a: CoarseCounts, b: CoarseCounts): CoarseCounts {
  const merged = new Writer(a.length + b.length);
  let atA = 0;
  let atB = 0;
  while (atA < a.length || atB < b.length) {
    if (atB >= b.length || (atA < a.length && (a[atA] as number) <= (b[atB] as number))) {
      merged.put(a[atA++] as number, a[atA++] as number);
    } else {
      merged.put(b[atB++] as number, b[atB++] as number);
    }
  }
  return merged.end();
}

/** The time that a percentage of the values does not pass, at most a hundredth too high; undefined when there is no value. */
export function coarsePercentileNs(
  counts: CoarseCounts,
  percentile: number,
  maxNs: number,
): number | undefined {
  if (counts.length === 0) return undefined;
  let total = 0;
  for (let at = 1; at < counts.length; at += 2) total += counts[at] as number;
  let left = rankOf(percentile, total);
  for (let at = 0; at < counts.length; at += 2) {
    left -= counts[at + 1] as number;
    if (left <= 0) return Math.min(bucketStartNs(((counts[at] as number) + 1) * finePerCoarse) - 1, maxNs);
  }
  return maxNs;
}

/** Writes buckets that come in ascending order, and adds up those with the same index. */
class Writer {
  readonly #counts: Uint32Array;
  #length = 0;

  constructor(length: number) {
    this.#counts = new Uint32Array(length);
  }

  put(index: number, count: number): void {
    const counts = this.#counts;
    const end = this.#length;
    if (end > 0 && counts[end - 2] === index) {
      counts[end - 1] = (counts[end - 1] as number) + count;
      return;
    }
    counts[end] = index;
    counts[end + 1] = count;
    this.#length += 2;
  }

  end(): CoarseCounts {
    return this.#counts.slice(0, this.#length);
  }
}
