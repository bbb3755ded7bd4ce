import { performance, type Histogram } from "node:perf_hooks";
import type { EventLoopWindow } from "./event-loop-window.ts";
import type { MetricsRegistry } from "../metrics-registry.ts";

/** Adds metrics of how busy the event loop is and how late it runs due work, under OpenTelemetry's names. */
export function addEventLoopMetrics(registry: MetricsRegistry, window: EventLoopWindow): void {
  registry.add({
    name: "nodejs_eventloop_time_seconds_total",
    help: "Time that the event loop has been in each state.",
    type: "counter",
    series() {
      const { active, idle } = performance.eventLoopUtilization();
      return [
        { labels: 'nodejs_eventloop_state="active"', value: active / 1_000 },
        { labels: 'nodejs_eventloop_state="idle"', value: idle / 1_000 },
      ];
    },
  });
  registry.observe(
    "nodejs_eventloop_utilization_ratio",
    "Share of the last half to whole minute in which the event loop was busy.",
    "gauge",
    window.utilization,
  );
  for (const [name, { what, read }] of Object.entries(statistics))
    registry.observe(
      `nodejs_eventloop_delay_${name}_seconds`,
      `How late the event loop ran what was due, over the last half to whole minute: ${what}.`,
      "gauge",
      () => {
        const delays = window.delays();
        return delays.count === 0 ? NaN : read(delays) / 1e9;
      },
    );
}

interface Statistic {
  readonly what: string;
  readonly read: (delays: Histogram) => number;
}

const statistics: Readonly<Record<string, Statistic>> = {
  min: { what: "least", read: (delays) => delays.min },
  max: { what: "greatest", read: (delays) => delays.max },
  mean: { what: "mean", read: (delays) => delays.mean },
  stddev: { what: "standard deviation", read: (delays) => delays.stddev },
  p50: { what: "median", read: (delays) => delays.percentile(50) },
  p90: { what: "90th percentile", read: (delays) => delays.percentile(90) },
  p99: { what: "99th percentile", read: (delays) => delays.percentile(99) },
};
