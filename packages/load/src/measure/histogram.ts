/** A histogram that travels between processes. `counts` has the buckets that are not empty, as index, count, index, count… */
export interface HistogramData {
  /** A typed array, because bytes travel faster than numbers. */
  readonly counts: Float64Array;
  readonly minNs: number;
  readonly maxNs: number;
  readonly sumNs: number;
  /** The squares are of milliseconds, because nanoseconds squared do not fit. */
  readonly sumOfSquaresMs2: number;
}

/** Values that fell between two times, both ends included. */
export interface Bucket {
  readonly fromNs: number;
  readonly toNs: number;
  readonly count: number;
}

/** Times beyond this one (2.4 hours) count as this one. */
const highestNs = 2 ** 43;
const highestIndex = 33 * 1024 + 1024;

/**
 * Counts times in nanoseconds with three digits: exact below 2,048 ns, and above it in 1,024 buckets for each power of two, so
 * that a bucket is never wider than a thousandth of the times in it. The layout is that of HdrHistogram
 * (https://hdrhistogram.github.io/HdrHistogram/); the histogram of `node:perf_hooks` does not serve, for it hides its buckets.
 */
export class Histogram {
  /** The array grows with the highest power of two that was met. */
  #counts = new Float64Array(2048);
  #count = 0;
  #minNs = Number.POSITIVE_INFINITY;
  #maxNs = 0;
  #sumNs = 0;
  #sumOfSquaresMs2 = 0;

  get count(): number {
    return this.#count;
  }

  get minNs(): number {
    return this.#count === 0 ? 0 : this.#minNs;
  }

  get maxNs(): number {
    return this.#maxNs;
  }

  get meanNs(): number {
    return this.#count === 0 ? 0 : this.#sumNs / this.#count;
  }

  /** The deviation of the values themselves, not of a population that they were drawn from. */
  get stdDevNs(): number {
    if (this.#count === 0) return 0;
    const variance = this.#sumOfSquaresMs2 / this.#count - (this.meanNs / 1e6) ** 2;
    return Math.sqrt(Math.max(0, variance)) * 1e6;
  }

  /** Counts a time, rounded to a whole nanosecond. A time below 0 counts as 0, one above 2^43 as 2^43. */
  record(ns: number): void {
    // Nearly all times are below 2.1 s, and counting a number of 31 bits takes half the time.
    if (ns >= 0 && ns < 0x7fff_ffff) {
      const value = (ns + 0.5) | 0;
      this.#put(value, smallIndexOf(value));
    } else {
      const value = ns > 0 ? Math.min(Math.round(ns), highestNs) : 0;
      this.#put(value, indexOf(value));
    }
  }

  #put(value: number, index: number): void {
    if (index >= this.#counts.length) this.#growTo(index);
    const counts = this.#counts;
    counts[index] = (counts[index] as number) + 1;
    this.#count++;
    if (value < this.#minNs) this.#minNs = value;
    if (value > this.#maxNs) this.#maxNs = value;
    this.#sumNs += value;
    const ms = value * 1e-6;
    this.#sumOfSquaresMs2 += ms * ms;
  }

  /**
   * The time that `percentile` per cent (0 to 100) of the values do not pass, by nearest rank: the end of the bucket with the
   * value of that rank, and never more than the highest value. 0 when nothing was counted.
   */
  percentileNs(percentile: number): number {
    let left = rankOf(percentile, this.#count);
    for (let i = this.#lowest(); i < this.#end(); i++) {
      left -= this.#counts[i] as number;
      if (left <= 0) return Math.min(bucketStartNs(i + 1) - 1, this.#maxNs);
    }
    return this.#maxNs;
  }

  /** Counts everything that another histogram has counted. */
  add(other: Histogram): void {
    if (other.#count === 0) return;
    const end = other.#end();
    this.#growTo(end - 1);
    for (let i = other.#lowest(); i < end; i++) {
      this.#counts[i] = (this.#counts[i] as number) + (other.#counts[i] as number);
    }
    this.#count += other.#count;
    this.#addTotals(other.#minNs, other.#maxNs, other.#sumNs, other.#sumOfSquaresMs2);
  }

  /** Counts what another process has counted. Throws a RangeError for a bucket that does not exist. */
  addData({ counts, minNs, maxNs, sumNs, sumOfSquaresMs2 }: HistogramData): void {
    if (counts.length === 0) return;
    for (let at = 0; at < counts.length; at += 2) {
      const index = counts[at] as number;
      const count = counts[at + 1] as number;
      if (!(index >= 0 && index <= highestIndex)) throw new RangeError(`a histogram has no bucket ${index}`);
      this.#growTo(index);
      this.#counts[index] = (this.#counts[index] as number) + count;
      this.#count += count;
    }
    this.#addTotals(minNs, maxNs, sumNs, sumOfSquaresMs2);
  }

  /** Forgets everything. Takes time only for the part of the buckets that was in use. */
  reset(): void {
    this.#counts.fill(0, this.#lowest(), this.#end());
    this.#count = 0;
    this.#minNs = Number.POSITIVE_INFINITY;
    this.#maxNs = 0;
    this.#sumNs = 0;
    this.#sumOfSquaresMs2 = 0;
  }

  toData(): HistogramData {
    const from = this.#lowest();
    const end = this.#end();
    let size = 0;
    for (let i = from; i < end; i++) if (this.#counts[i] !== 0) size += 2;
    const counts = new Float64Array(size);
    for (let i = from, at = 0; i < end; i++) {
      const count = this.#counts[i] as number;
      if (count === 0) continue;
      counts[at++] = i;
      counts[at++] = count;
    }
    const { minNs, maxNs } = this;
    return { counts, minNs, maxNs, sumNs: this.#sumNs, sumOfSquaresMs2: this.#sumOfSquaresMs2 };
  }

  /** The buckets that are not empty, in ascending order. */
  *buckets(): Iterable<Bucket> {
    for (let i = this.#lowest(); i < this.#end(); i++) {
      const count = this.#counts[i] as number;
      if (count > 0) yield { fromNs: bucketStartNs(i), toNs: bucketStartNs(i + 1) - 1, count };
    }
  }

  /** The part of the buckets that can hold something follows from the lowest and the highest value. */
  #lowest(): number {
    return this.#count === 0 ? 0 : indexOf(this.#minNs);
  }

  #end(): number {
    return this.#count === 0 ? 0 : indexOf(this.#maxNs) + 1;
  }

  #growTo(index: number): void {
    if (index < this.#counts.length) return;
    const grown = new Float64Array(((index >>> 10) + 1) * 1024);
    grown.set(this.#counts);
    this.#counts = grown;
  }

  #addTotals(minNs: number, maxNs: number, sumNs: number, sumOfSquaresMs2: number): void {
    if (minNs < this.#minNs) this.#minNs = minNs;
    if (maxNs > this.#maxNs) this.#maxNs = maxNs;
    this.#sumNs += sumNs;
    this.#sumOfSquaresMs2 += sumOfSquaresMs2;
  }
}

/** The lowest value of a bucket. */
export function bucketStartNs(index: number): number {
  if (index < 2048) return index;
  const shift = (index >>> 10) - 1;
  return (index - shift * 1024) * 2 ** shift;
}

/** The rank, counted from 1, of a percentile among `count` ascending values. The factor undoes the rounding of the product. */
export function rankOf(percentile: number, count: number): number {
  const rank = Math.ceil(((percentile * count) / 100) * (1 - 4 * Number.EPSILON));
  return Math.min(Math.max(rank, 1), count);
}

/** The bucket of a whole number from 0 to 2^43: its eleven leading bits, behind the buckets of all the smaller powers of two. */
function indexOf(value: number): number {
  if (value <= 0x7fff_ffff) return smallIndexOf(value);
  const high = Math.floor(value / 0x20_0000);
  const shift = 42 - Math.clz32(high);
  return (shift << 10) + (high >>> (shift - 21));
}

/** The bucket of a whole number that fits into 31 bits. */
function smallIndexOf(value: number): number {
  const shift = 21 - Math.clz32(value);
  return shift > 0 ? (shift << 10) + (value >> shift) : value;
}
