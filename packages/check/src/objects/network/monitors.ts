import {
  matchesLabelSelector,
  type FieldPath,
  type KubeObject,
  type LabelSelector,
  type Service,
} from "@seaworthy/kube";
import { mayMeet, namespaceOf, type ManifestOf, type ObjectSet } from "../object-set.ts";
import { near } from "../near.ts";
import { podsNear } from "../pods-near.ts";
import type { PodSource } from "../pod-source.ts";

/** A ServiceMonitor or a PodMonitor of the Prometheus operator, as far as rules read it. */
export interface Monitor extends KubeObject {
  readonly spec: {
    readonly selector?: LabelSelector;
    readonly namespaceSelector?: { readonly any?: boolean; readonly matchNames?: readonly string[] };
    readonly endpoints?: readonly MonitorEndpoint[];
    readonly podMetricsEndpoints?: readonly MonitorEndpoint[];
  };
}

interface MonitorEndpoint {
  readonly port?: string;
  readonly targetPort?: string | number;
  readonly path?: string;
}

/** An endpoint of a monitor, and where it is written. */
export interface MonitoredPort extends MonitorEndpoint {
  readonly at: FieldPath;
}

export const monitoringGroup = "monitoring.coreos.com";

/** The Services that a ServiceMonitor selects. */
export function monitoredServices({ object }: ManifestOf<Monitor>, set: ObjectSet): ManifestOf<Service>[] {
  const { any, matchNames } = object.spec.namespaceSelector ?? {};
  const isOwn = any !== true && matchNames === undefined;
  return (isOwn ? near<Service>(set, object, "Service") : set.of<Service>("Service")).filter(
    (service) =>
      isWatched(object, service.object) &&
      matchesLabelSelector(object.spec.selector, service.object.metadata.labels),
  );
}

/** The pods that a PodMonitor selects. */
export function monitoredPods({ object }: ManifestOf<Monitor>, set: ObjectSet): PodSource[] {
  const { any, matchNames } = object.spec.namespaceSelector ?? {};
  const isOwn = any !== true && matchNames === undefined;
  return (isOwn ? podsNear(object, set) : set.pods).filter(
    ({ manifest, labels }) =>
      isWatched(object, manifest.object) && matchesLabelSelector(object.spec.selector, labels),
  );
}

/** Whether a monitor looks for its targets where an object is. */
export function isWatched(monitor: Monitor, object: KubeObject): boolean {
  const { any = false, matchNames } = monitor.spec.namespaceSelector ?? {};
  if (any) return true;
  return matchNames === undefined
    ? mayMeet(monitor, object)
    : object.metadata.namespace === undefined || matchNames.includes(namespaceOf(object));
}

/** Whether the targets of a monitor must be in the namespace of an object, so that this one should have been among them. */
export function looksOnlyAt(monitor: Monitor, object: KubeObject): boolean {
  const { any = false, matchNames } = monitor.spec.namespaceSelector ?? {};
  if (any) return false;
  return matchNames === undefined
    ? mayMeet(monitor, object)
    : object.metadata.namespace !== undefined && matchNames.includes(object.metadata.namespace);
}

/** The ports that a monitor scrapes. */
export function monitoredPorts({ spec }: Monitor): MonitoredPort[] {
  return (["endpoints", "podMetricsEndpoints"] as const).flatMap((list) =>
    (spec[list] ?? []).map((endpoint, index) => ({ ...endpoint, at: ["spec", list, index] })),
  );
}
