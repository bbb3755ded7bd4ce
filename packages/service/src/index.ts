export { logRequests, type AccessLogOptions } from "./access-log.ts";
export { measureRequests } from "./http-metrics.ts";
export {
  createLifecycle,
  type Lifecycle,
  type LifecycleOptions,
  type LifecyclePhase,
  type ShutdownResult,
} from "./lifecycle.ts";
export {
  createMetricsRegistry,
  type Counter,
  type Gauge,
  type Histogram,
  type MetricsRegistry,
} from "./metrics-registry.ts";
export { logToStdout, type LogEntry, type SignalSource } from "./process-edge.ts";
