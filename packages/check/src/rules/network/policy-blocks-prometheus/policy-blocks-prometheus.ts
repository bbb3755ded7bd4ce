import { formatObjectName } from "@seaworthy/kube";
import {
  monitoredPods,
  monitoredServices,
  monitoringGroup,
  type Monitor,
} from "../../../objects/network/monitors.ts";
import type { ObjectSet } from "../../../objects/object-set.ts";
import type { PodSource } from "../../../objects/pod-source.ts";
import { policiesOf, rulesOf } from "../../../objects/network/policies.ts";
import { podsNear } from "../../../objects/pods-near.ts";
import { podsOf } from "../../../objects/selecting.ts";
import type { Rule } from "../../../rule.ts";

/** Pods with metrics that nobody may ask for. */
export const policyBlocksPrometheus: Rule = {
  id: "policy-blocks-prometheus",
  severity: "warning",
  title: "a NetworkPolicy keeps Prometheus away from pods that it scrapes",
  why: `Prometheus runs in a namespace of its own. A policy that lets only pods of its own namespace in makes each scrape time out: the targets
are down, alerts that count on their metrics are blind, and an autoscaler that uses them stands still.`,
  mend: "Let the namespace of Prometheus in at the port of the metrics.",
  sources: [
    "https://kubernetes.io/docs/concepts/services-networking/network-policies/#behavior-of-to-and-from-selectors",
  ],
  profile: "default",
  *check(set) {
    if (set.of("NetworkPolicy", "networking.k8s.io").length === 0) return;
    for (const [pod, by] of scrapedPods(set)) {
      const policies = policiesOf(pod, "Ingress", set);
      const [policy] = policies;
      const letsOthersIn = policies
        .flatMap(({ object }) => rulesOf(object, "Ingress"))
        .some(
          ({ peers }) =>
            peers === undefined ||
            peers.some(
              ({ namespaceSelector, ipBlock }) => namespaceSelector !== undefined || ipBlock !== undefined,
            ),
        );
      if (policy === undefined || letsOthersIn) continue;
      // A Prometheus of the same namespace needs no leave of this kind.
      const isNear = podsNear(pod.manifest.object, set).some(({ labels }) =>
        Object.values(labels).some((value) => value.includes("prometheus")),
      );
      if (isNear) continue;
      yield {
        manifest: policy,
        path: ["spec", "ingress"],
        message: `${formatObjectName(policy.object)} keeps Prometheus away from the pods of ${formatObjectName(pod.manifest.object)}`,
        label: "no other namespace is let in",
        seen: [by],
        next: ["let the namespace of Prometheus in, with a namespaceSelector and the port of the metrics"],
      };
    }
  },
};

/** The pods that are scraped, with what says so. */
function scrapedPods(set: ObjectSet): Map<PodSource, string> {
  const scraped = new Map<PodSource, string>();
  for (const monitor of set.of<Monitor>("ServiceMonitor", monitoringGroup))
    for (const pod of monitoredServices(monitor, set).flatMap((service) => podsOf(service, set)))
      scraped.set(pod, `${monitor.file}:${monitor.line} ${formatObjectName(monitor.object)} scrapes them`);
  for (const monitor of set.of<Monitor>("PodMonitor", monitoringGroup))
    for (const pod of monitoredPods(monitor, set))
      scraped.set(pod, `${monitor.file}:${monitor.line} ${formatObjectName(monitor.object)} scrapes them`);
  for (const pod of set.pods) {
    const metadata = pod.path.reduce<unknown>(
      (parent, step) => (parent as Record<string | number, unknown> | undefined)?.[step],
      pod.manifest.object,
    ) as { readonly metadata?: { readonly annotations?: Readonly<Record<string, string>> } };
    if (metadata.metadata?.annotations?.["prometheus.io/scrape"] !== "true") continue;
    const { file, line } = pod.manifest.locate([
      ...pod.path,
      "metadata",
      "annotations",
      "prometheus.io/scrape",
    ]);
    scraped.set(pod, `${file}:${line} prometheus.io/scrape is true`);
  }
  return scraped;
}
