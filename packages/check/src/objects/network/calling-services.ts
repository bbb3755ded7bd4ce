import type { Service } from "@seaworthy/kube";
import type { ManifestOf, ObjectSet } from "../object-set.ts";
import type { PodSource } from "../pod-source.ts";
import { servicesOf } from "../selecting.ts";
import { monitoredPorts, monitoredServices, monitoringGroup, type Monitor } from "./monitors.ts";

/**
 * The Services through which a pod gets requests that somebody misses when they are lost. One with nothing but metrics is not
 * among them: Prometheus asks again, and a gap of one scrape is seen by nobody.
 */
export function callingServicesOf(pod: PodSource, set: ObjectSet): readonly ManifestOf<Service>[] {
  return servicesOf(pod, set).filter((service) => !isForMetrics(service, set));
}

/** Ports tell by their names what they are for, since ServiceMonitors name them. */
const metricsName = /(^|-)(metrics|prometheus)(-|$)/;

/**
 * Whether all ports of a Service are for metrics: by their names, or because all are scraped and the Service is headless. One
 * with an address of its own has clients that need one, and an app may serve its metrics where it serves all else.
 */
function isForMetrics(service: ManifestOf<Service>, set: ObjectSet): boolean {
  const { ports = [], clusterIP } = service.object.spec;
  if (ports.length === 0) return false;
  if (ports.every(({ name }) => metricsName.test(name ?? ""))) return true;
  if (clusterIP !== "None") return false;
  const scraped = scrapedPorts(set).get(service);
  return scraped !== undefined && ports.every(({ name }) => scraped.has(name));
}

/** The names of the ports of each Service that a ServiceMonitor scrapes. */
function scrapedPorts(set: ObjectSet): ReadonlyMap<ManifestOf<Service>, ReadonlySet<string | undefined>> {
  let scraped = known.get(set);
  if (scraped === undefined) {
    known.set(set, (scraped = new Map()));
    for (const monitor of set.of<Monitor>("ServiceMonitor", monitoringGroup))
      for (const service of monitoredServices(monitor, set)) {
        const ports = scraped.get(service) ?? new Set();
        for (const { port } of monitoredPorts(monitor.object)) ports.add(port);
        scraped.set(service, ports);
      }
  }
  return scraped;
}

const known = new WeakMap<ObjectSet, Map<ManifestOf<Service>, Set<string | undefined>>>();
