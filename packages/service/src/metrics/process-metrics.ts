import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { getHeapStatistics } from "node:v8";
import { addEventLoopMetrics } from "./event-loop/event-loop-metrics.ts";
import { startEventLoopMonitor } from "./event-loop/event-loop-monitor.ts";
import { startGcMetrics } from "./gc-metrics.ts";
import type { MetricsRegistry } from "./metrics-registry.ts";
import { fs } from "../node-fs.ts";

/** Options for the metrics of the process. */
export interface ProcessMetricsOptions {
  /** Measures garbage collections, too. Node then reports each one, which costs latency. */
  readonly gc?: boolean;
  /** The folder in which Linux describes this process. Without it there are no metrics of file descriptors. */
  readonly procFolder?: string;
}

/** The metrics of the process for as long as they are kept up to date. */
export interface ProcessMetrics extends Disposable {
  /** The 99th percentile of the event loop's delay in the last seconds, in milliseconds. Cheap: for load shedding. */
  eventLoopDelayP99Ms(): number;
}

/**
 * Adds the metrics of the process under the names that Prometheus' client libraries share, and those of Node and V8 under
 * OpenTelemetry's (https://opentelemetry.io/docs/specs/semconv/runtime/) in the form they have in Prometheus.
 */
export function startProcessMetrics(
  registry: MetricsRegistry,
  { gc = false, procFolder = "/proc/self" }: ProcessMetricsOptions = {},
): ProcessMetrics {
  const resources = new DisposableStack();
  const monitor = resources.use(startEventLoopMonitor());
  for (const { name, help, type, read } of readings) registry.observe(name, help, type, read);
  addFileDescriptors(registry, procFolder);
  addEventLoopMetrics(registry, monitor.window);
  if (gc) resources.use(startGcMetrics(registry));
  return {
    eventLoopDelayP99Ms: monitor.delayP99Ms,
    [Symbol.dispose]: () => resources.dispose(),
  };
}

interface Reading {
  readonly name: string;
  readonly help: string;
  readonly type: "counter" | "gauge";
  readonly read: () => number;
}

const readings: readonly Reading[] = [
  {
    name: "process_cpu_seconds_total",
    help: "CPU time that the process has used, its own and the kernel's for it.",
    type: "counter",
    read() {
      const { user, system } = process.cpuUsage();
      return (user + system) / 1e6;
    },
  },
  {
    name: "process_resident_memory_bytes",
    help: "Memory of the process that is in RAM.",
    type: "gauge",
    read: () => process.memoryUsage.rss(),
  },
  {
    name: "process_start_time_seconds",
    help: "When the process started, since the epoch.",
    type: "gauge",
    read: () => performance.timeOrigin / 1_000,
  },
  {
    name: "v8js_memory_heap_used_bytes",
    help: "Memory that objects take in the heap, all its spaces together.",
    type: "gauge",
    read: () => getHeapStatistics().used_heap_size,
  },
  {
    name: "v8js_memory_heap_limit_bytes",
    help: "Size of the heap at which V8 gives up.",
    type: "gauge",
    read: () => getHeapStatistics().heap_size_limit,
  },
];

function addFileDescriptors(registry: MetricsRegistry, procFolder: string): void {
  const descriptors = join(procFolder, "fd");
  if (Number.isNaN(countEntries(descriptors))) return;
  registry.observe("process_open_fds", "File descriptors that are open.", "gauge", () =>
    countEntries(descriptors),
  );
  const limit = /^Max open files +(\d+|unlimited)/m.exec(
    fs.readFileSync(join(procFolder, "limits"), "utf8"),
  )?.[1];
  const max = limit === "unlimited" ? Infinity : Number(limit);
  registry.observe("process_max_fds", "File descriptors that may be open.", "gauge", () => max);
}

/** The number of entries, or `NaN` when the folder cannot be read. To read it takes a free file descriptor. */
function countEntries(folder: string): number {
  try {
    return fs.readdirSync(folder).length;
  } catch {
    return NaN;
  }
}
