/** All series of one metric, as a registry renders them. */
export type Family = NumberFamily | HistogramFamily;

/** A metric whose series are one number each. */
export interface NumberFamily {
  /** The name of its samples: a counter's name ends in `_total`, an info's in `_info`. */
  readonly name: string;
  readonly help: string;
  readonly type: "counter" | "gauge" | "info";
  series(): Iterable<NumberSeries>;
}

/** A metric whose series are distributions over the same buckets. */
export interface HistogramFamily {
  readonly name: string;
  readonly help: string;
  readonly type: "histogram";
  /** The upper bounds of the buckets, rising; the last is `Infinity`. */
  readonly bounds: readonly number[];
  series(): Iterable<HistogramSeries>;
}

export interface NumberSeries {
  /** As `formatLabels` writes them. */
  readonly labels: string;
  readonly value: number;
}

export interface HistogramSeries {
  /** As `formatLabels` writes them. */
  readonly labels: string;
  /** How many values fell into each bucket, not cumulated. */
  readonly counts: Float64Array;
  readonly sum: number;
  /** The latest exemplar of each bucket that has one. */
  readonly exemplars?: readonly (BucketExemplar | undefined)[];
}

/** The span in which a value was measured. */
export interface Exemplar {
  readonly traceId: string;
  readonly spanId: string;
}

export interface BucketExemplar extends Exemplar {
  readonly value: number;
  /** When the value was measured, in milliseconds since the epoch. */
  readonly timeMs: number;
}
