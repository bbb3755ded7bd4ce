import { formatObjectName, type KubeObject, type Service } from "@seaworthy/kube";
import type { ManifestOf, ObjectSet } from "../../../objects/object-set.ts";
import {
  looksOnlyAt,
  monitoredPods,
  monitoredServices,
  monitoringGroup,
  type Monitor,
} from "../../../objects/network/monitors.ts";
import type { FoundField, Rule } from "../../../rule.ts";

/** A ServiceMonitor or PodMonitor without a target. */
export const monitorSelectsNothing: Rule = {
  id: "monitor-selects-nothing",
  severity: "warning",
  title: "a monitor selects nothing to scrape",
  why: `Prometheus scrapes nothing, and no alert that is made of these metrics can ever fire. Nothing looks broken: the target is not
down, it is not there. A ServiceMonitor selects **Services**, by the labels of the Service and not by those of its pods; a PodMonitor
selects pods.`,
  mend: "Give the Service the labels that the ServiceMonitor selects, or select those that it has.",
  sources: [
    "https://github.com/prometheus-operator/kube-prometheus/issues/1392",
    "https://github.com/aws/aws-node-termination-handler/issues/608",
    "https://prometheus-operator.dev/docs/platform/troubleshooting/",
  ],
  profile: "default",
  peers: { "kube-linter": ["dangling-servicemonitor"] },
  *check(set) {
    for (const manifest of set.of<Monitor>("ServiceMonitor", monitoringGroup)) {
      if (monitoredServices(manifest, set).length > 0) continue;
      const services = set
        .of<Service>("Service")
        .filter(({ object }) => looksOnlyAt(manifest.object, object));
      if (services.length > 0) yield { manifest, ...finding(manifest, set, services, "Service") };
    }
    for (const manifest of set.of<Monitor>("PodMonitor", monitoringGroup)) {
      if (monitoredPods(manifest, set).length > 0) continue;
      const pods = set.pods.filter((pod) => looksOnlyAt(manifest.object, pod.manifest.object));
      if (pods.length > 0) yield { manifest, ...finding(manifest, set, [], "pod") };
    }
  },
};

function finding(
  manifest: ManifestOf<Monitor>,
  set: ObjectSet,
  services: readonly ManifestOf<Service>[],
  what: "Service" | "pod",
): FoundField {
  const usesPodLabels = what === "Service" && monitoredPods(manifest, set).length > 0;
  return {
    path: ["spec", "selector"],
    message: `${formatObjectName(manifest.object)} selects no ${what}, so nothing is scraped`,
    label: usesPodLabels ? "these are labels of pods, not of a Service" : `no ${what} has these labels`,
    seen: services.slice(0, 3).map((service) => labelsOf(service)),
    next: [
      usesPodLabels
        ? "give the Service these labels in its own metadata"
        : `select labels that the ${what} has`,
    ],
  };
}

function labelsOf(manifest: ManifestOf<KubeObject>): string {
  const labels = Object.entries(manifest.object.metadata.labels ?? {}).map(
    ([key, value]) => `${key}=${value}`,
  );
  const { file, line } = manifest.locate(["metadata", "labels"]);
  return `${file}:${line} ${formatObjectName(manifest.object)} has ${labels.join(",") || "no labels"}`;
}
