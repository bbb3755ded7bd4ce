import type { Service } from "@seaworthy/kube";
import type { ManifestOf, ObjectSet } from "../object-set.ts";
import type { PodSource } from "../pod-source.ts";
import { servicesOf } from "../selecting.ts";

/**
 * The Services through which a pod gets requests that somebody misses when they are lost. One with nothing but metrics is not
 * among them: Prometheus asks again, and a gap of one scrape is seen by nobody.
 */
export function callingServicesOf(pod: PodSource, set: ObjectSet): readonly ManifestOf<Service>[] {
  return servicesOf(pod, set).filter(({ object }) => !isForMetrics(object));
}

/** Ports tell by their names what they are for, since ServiceMonitors name them. */
const metricsName = /(^|-)(metrics|prometheus)(-|$)/;

function isForMetrics({ spec: { ports } }: Service): boolean {
  return (ports ?? []).length > 0 && ports!.every(({ name }) => metricsName.test(name ?? ""));
}
