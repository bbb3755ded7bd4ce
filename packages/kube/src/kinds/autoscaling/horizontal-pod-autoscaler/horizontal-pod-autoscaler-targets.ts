import type { KubeObject } from "../../../object.ts";
import { listAt, textAt, valueAt } from "../../columns/value-at.ts";

/** What an autoscaler aims at, and where it stands: `cpu: 12%/60%`. The first two metrics are shown. */
export function targetsOf(object: KubeObject): string {
  const metrics = listAt(object, "spec.metrics");
  const statuses = listAt(object, "status.currentMetrics");
  if (metrics.length === 0) return "<none>";
  const shown = metrics.slice(0, mostShown).map((metric, index) => formatMetric(metric, statuses[index]));
  return metrics.length > mostShown
    ? `${shown.join(", ")} + ${metrics.length - mostShown} more...`
    : shown.join(", ");
}

const mostShown = 2;

function formatMetric(metric: unknown, status: unknown): string {
  const source = sources[textAt(metric, "type")];
  if (source === undefined) return "<unknown type>";
  const target = `${source}.target`;
  const current = `${source}.current`;
  const utilization = valueAt(metric, `${target}.averageUtilization`);
  const name =
    source === "resource" || source === "containerResource" ? `${textAt(metric, `${source}.name`)}: ` : "";
  if (utilization !== undefined) {
    const now = valueAt(status, `${current}.averageUtilization`);
    return `${name}${now === undefined ? "<unknown>" : `${String(now)}%`}/${String(utilization)}%`;
  }
  const average = textAt(metric, `${target}.averageValue`);
  if (average !== "") {
    const suffix = name === "" && source !== "pods" ? " (avg)" : "";
    return `${name}${textAt(status, `${current}.averageValue`, "<unknown>")}/${average}${suffix}`;
  }
  return `${name}${textAt(status, `${current}.value`, "<unknown>")}/${textAt(metric, `${target}.value`)}`;
}

const sources: Readonly<Record<string, string>> = {
  Resource: "resource",
  ContainerResource: "containerResource",
  Pods: "pods",
  Object: "object",
  External: "external",
};
