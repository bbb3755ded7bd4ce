import {
  formatLabelSelector,
  formatObjectName,
  matchesLabelSelector,
  type KubeObject,
  type LabelSelector,
} from "@seaworthy/kube";
import { monitoringGroup } from "../../../objects/network/monitors.ts";
import type { Rule } from "../../../rule.ts";

interface Prometheus extends KubeObject {
  readonly spec: Partial<
    Record<"serviceMonitorSelector" | "podMonitorSelector" | "ruleSelector", LabelSelector>
  >;
}

const selectors = {
  ServiceMonitor: "serviceMonitorSelector",
  PodMonitor: "podMonitorSelector",
  PrometheusRule: "ruleSelector",
} as const;

/** A monitor that no Prometheus of these files takes. */
export const monitorNotSelected: Rule = {
  id: "monitor-not-selected",
  severity: "warning",
  title: "no Prometheus takes this monitor or these alerts",
  why: `A Prometheus takes those ServiceMonitors, PodMonitors and PrometheusRules that its selectors match, by **their** labels: with the
usual chart those with \`release: NAME\`. Others are left out in silence, with all metrics and alerts that they stand for.`,
  mend: "Give the object the label that the Prometheus selects.",
  sources: [
    "https://github.com/helm/charts/issues/16250",
    "https://prometheus-operator.dev/docs/platform/troubleshooting/",
  ],
  profile: "default",
  *check(set) {
    const servers = set.of<Prometheus>("Prometheus", monitoringGroup);
    if (servers.length === 0) return;
    for (const [kind, field] of Object.entries(selectors))
      for (const manifest of set.of(kind, monitoringGroup)) {
        const { labels } = manifest.object.metadata;
        if (servers.some(({ object }) => matchesLabelSelector(object.spec?.[field], labels))) continue;
        const wanted = servers.flatMap(({ object }) => object.spec?.[field] ?? []);
        const [first] = wanted;
        const { file, line } = servers[0]!.locate(["spec", field]);
        yield {
          manifest,
          path: ["metadata", "labels"],
          message: `${formatObjectName(manifest.object)} is taken by no Prometheus of ${set.home}`,
          label: first === undefined ? "not selected" : `lacks ${formatLabelSelector(first)}`,
          seen: [`${file}:${line} ${formatObjectName(servers[0]!.object)} selects by ${field}`],
          next: [
            first === undefined
              ? `set ${field} of the Prometheus: without it none is taken`
              : `add the label ${formatLabelSelector(first)}`,
          ],
        };
      }
  },
};
