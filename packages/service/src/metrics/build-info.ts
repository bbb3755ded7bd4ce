import { hostname } from "node:os";
import type { MetricsRegistry } from "./metrics-registry.ts";

/** The program that runs here. */
export interface BuildInfo {
  readonly name: string;
  readonly version: string;
  /** The commit it was built from. */
  readonly revision?: string;
  /** Tells this instance from all others of the service; the host's name, which is the pod's, when absent. */
  readonly instanceId?: string;
}

/**
 * Adds `build_info`, and `target_info` as OpenTelemetry's mapping to Prometheus has it, to join with the other metrics:
 * https://opentelemetry.io/docs/specs/otel/compatibility/prometheus_and_openmetrics/#resource-attributes
 */
export function recordBuildInfo(registry: MetricsRegistry, info: BuildInfo): void {
  const { name, version, revision = "", instanceId = hostname() } = info;
  registry.info("build_info", "What runs here.", {
    name,
    version,
    revision,
    node_version: process.versions.node,
  });
  registry.info("target_info", "The service that these metrics are of.", {
    service_name: name,
    service_version: version,
    service_instance_id: instanceId,
  });
}
