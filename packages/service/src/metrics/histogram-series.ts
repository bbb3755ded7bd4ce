import type { BucketExemplar, Exemplar, HistogramSeries } from "./family.ts";
import { formatLabels, type LabelValues } from "./labels.ts";

/** One distribution that can be added to. */
export interface RecordedHistogram extends HistogramSeries {
  readonly labelValues: LabelValues;
  /** Adds a value. `NaN` is left out: one would spoil the sum for good. */
  observe(value: number, exemplar?: Exemplar): void;
}

/** Makes an empty distribution over buckets with these upper bounds, which rise and end in `Infinity`. */
export function createHistogramSeries(
  labelNames: readonly string[],
  labelValues: LabelValues,
  bounds: readonly number[],
  nowMs: () => number,
): RecordedHistogram {
  const counts = new Float64Array(bounds.length);
  const exemplars: (BucketExemplar | undefined)[] = [];
  const series = {
    labels: formatLabels(labelNames, labelValues),
    labelValues,
    counts,
    sum: 0,
    exemplars,
    observe(value: number, exemplar?: Exemplar) {
      if (Number.isNaN(value)) return;
      let bucket = 0;
      while (value > (bounds[bucket] ?? Infinity)) bucket += 1;
      counts[bucket] = (counts[bucket] ?? 0) + 1;
      series.sum += value;
      if (exemplar !== undefined) {
        const { traceId, spanId } = exemplar;
        exemplars[bucket] = { traceId, spanId, value, timeMs: nowMs() };
      }
    },
  };
  return series;
}
