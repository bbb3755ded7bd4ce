import {
  constants,
  PerformanceObserver,
  type NodeGCPerformanceDetail,
  type PerformanceEntry,
} from "node:perf_hooks";
import type { MetricsRegistry } from "./metrics-registry.ts";

/** Measures garbage collections until it is disposed. Node builds an entry for each of them, which costs latency. */
export function startGcMetrics(registry: MetricsRegistry): Disposable {
  const duration = registry.histogram(
    "v8js_gc_duration_seconds",
    "Duration of garbage collections by their kind.",
    [0.01, 0.1, 1, 10],
    ["v8js_gc_type"],
  );
  const observer = new PerformanceObserver((list) => {
    for (const entry of list.getEntries() as GcEntry[])
      duration.observe(entry.duration / 1_000, [types.get(entry.detail.kind) ?? "other"]);
  });
  observer.observe({ entryTypes: ["gc"] });
  return { [Symbol.dispose]: () => observer.disconnect() };
}

/** An entry of the type `gc`, whose details Node's type definitions leave open. */
interface GcEntry extends PerformanceEntry {
  readonly detail: NodeGCPerformanceDetail;
}

/** The kinds by the names that the semantic conventions give them. */
const types: ReadonlyMap<number, string> = new Map([
  [constants.NODE_PERFORMANCE_GC_MINOR, "minor"],
  [constants.NODE_PERFORMANCE_GC_MAJOR, "major"],
  [constants.NODE_PERFORMANCE_GC_INCREMENTAL, "incremental"],
  [constants.NODE_PERFORMANCE_GC_WEAKCB, "weakcb"],
]);
