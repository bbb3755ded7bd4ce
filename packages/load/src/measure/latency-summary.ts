import type { Histogram } from "./histogram.ts";
import type { LatencySummary } from "./load-report.ts";

/** The numbers of a histogram that a report shows, in milliseconds. */
export function summarize(histogram: Histogram): LatencySummary {
  const percentileMs = (percentile: number): number => histogram.percentileNs(percentile) / 1e6;
  return {
    count: histogram.count,
    minMs: histogram.minNs / 1e6,
    meanMs: histogram.meanNs / 1e6,
    stdDevMs: histogram.stdDevNs / 1e6,
    p50Ms: percentileMs(50),
    p75Ms: percentileMs(75),
    p90Ms: percentileMs(90),
    p99Ms: percentileMs(99),
    p999Ms: percentileMs(99.9),
    maxMs: histogram.maxNs / 1e6,
  };
}
