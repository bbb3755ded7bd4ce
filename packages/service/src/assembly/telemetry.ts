import { type AccessLog, createAccessLog } from "../log/access-log.ts";
import { type ClientAddress, createClientAddress, parseTrustedProxies } from "../log/client-address.ts";
import { createLogger, type ServiceLogger } from "../log/create-logger.ts";
import type { LogDestination } from "../log/log-destination.ts";
import { recordBuildInfo } from "../metrics/build-info.ts";
import { createMetricsRegistry, type MetricsRegistry } from "../metrics/metrics-registry.ts";
import { type ProcessMetrics, startProcessMetrics } from "../metrics/process-metrics.ts";
import type { ServiceSettings } from "../service-settings.ts";

/** The log and the metrics of a service. */
export interface Telemetry {
  readonly log: ServiceLogger;
  readonly accessLog: AccessLog;
  readonly clientAddress: ClientAddress;
  readonly registry: MetricsRegistry;
  readonly processMetrics: ProcessMetrics;
}

/** Starts log and metrics. They come first, because all other parts write to them. */
export function startTelemetry(
  settings: ServiceSettings,
  identity: { readonly name: string; readonly version: string },
  destination: LogDestination | undefined,
): Telemetry {
  const log = createLogger({ level: settings.logLevel, redact: settings.logRedact, destination });
  const clientAddress = createClientAddress(parseTrustedProxies(settings.trustProxy));
  const registry = createMetricsRegistry({ seriesLimit: settings.metricsSeriesLimit });
  recordBuildInfo(registry, identity);
  const processMetrics = startProcessMetrics(registry, { gc: settings.metricsGc });
  registry.observe("log_lines_dropped_total", "Log lines that nobody read in time.", "counter", () =>
    log.droppedLines(),
  );
  const accessLog = createAccessLog(log, {
    clientAddress,
    probeShare: settings.accessLogProbes,
    withQuery: settings.accessLogQuery,
    random: Math.random,
    clock: Date.now,
  });
  return { log, accessLog, clientAddress, registry, processMetrics };
}
