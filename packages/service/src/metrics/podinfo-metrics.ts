import type { HistogramSeries, NumberSeries } from "./family.ts";
import { formatLabels } from "./labels.ts";
import type { Histogram, MetricsRegistry } from "./metrics-registry.ts";

/**
 * Adds `http_request_duration_seconds{method,path,status}` and `http_requests_total{status}` as podinfo has them
 * (pkg/api/http/metrics.go). They are worked out of `duration` at a scrape, so that requests pay nothing for them: its
 * first three labels are method, route and status, and its bounds include all of podinfo's.
 */
export function addPodinfoMetrics(registry: MetricsRegistry, duration: Histogram): void {
  registry.add({
    name: "http_request_duration_seconds",
    help: "From a request's head to the end of its answer, as podinfo names it.",
    type: "histogram",
    bounds: podinfoBounds,
    series: () => mergeDurations(duration),
  });
  registry.add({
    name: "http_requests_total",
    help: "Requests that have ended, as podinfo names it.",
    type: "counter",
    series: () => countByStatus(duration),
  });
}

/** The default buckets of Prometheus' Go library. */
const podinfoBounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, Infinity];

function mergeDurations({ bounds, series }: Histogram): Iterable<HistogramSeries> {
  const targets = bounds.map((bound) => podinfoBounds.findIndex((wider) => bound <= wider));
  const merged = new Map<string, { labels: string; counts: Float64Array; sum: number }>();
  for (const { labelValues, counts, sum } of series()) {
    const [method = "", route = "", status = ""] = labelValues;
    const labels = formatLabels(["method", "path", "status"], [method, flattenRoute(route), status]);
    const one = merged.get(labels) ?? { labels, counts: new Float64Array(podinfoBounds.length), sum: 0 };
    for (const [index, target] of targets.entries())
      one.counts[target] = (one.counts[target] ?? 0) + (counts[index] ?? 0);
    one.sum += sum;
    merged.set(labels, one);
  }
  return merged.values();
}

function countByStatus({ series }: Histogram): Iterable<NumberSeries> {
  const counted = new Map<string, { labels: string; value: number }>();
  for (const { labelValues, counts } of series()) {
    const labels = formatLabels(["status"], [labelValues[2] ?? ""]);
    const one = counted.get(labels) ?? { labels, value: 0 };
    one.value += counts.reduce((total, count) => total + count, 0);
    counted.set(labels, one);
  }
  return counted.values();
}

/** `/api/delay/{wait}` as `api_delay_wait`, and `/` as `root`. */
function flattenRoute(route: string): string {
  const words = route.toLowerCase().split(/[^a-z0-9]+/);
  return words.filter((word) => word !== "").join("_") || "root";
}
