import type { FieldPath } from "@seaworthy/kube";
import type { HorizontalPodAutoscaler } from "./autoscalers.ts";

/** A share of what pods request, to which an autoscaler keeps their use. */
export interface UtilizationTarget {
  readonly resource: string;
  /** Only this container's. */
  readonly container: string | undefined;
  readonly percent: number;
  readonly path: FieldPath;
}

/** The shares of requests that an autoscaler aims at. Without any metric it is 80 % of the CPU. */
export function utilizationTargets({ spec }: HorizontalPodAutoscaler): UtilizationTarget[] {
  const { targetCPUUtilizationPercentage } = spec;
  const metrics = spec.metrics ?? [];
  const cpu = { resource: "cpu", container: undefined };
  if (typeof targetCPUUtilizationPercentage === "number") {
    const path = ["spec", "targetCPUUtilizationPercentage"];
    return [{ ...cpu, percent: targetCPUUtilizationPercentage, path }];
  }
  if (metrics.length === 0) return [{ ...cpu, percent: 80, path: ["spec", "metrics"] }];
  return metrics.flatMap(({ resource, containerResource }, index) => {
    const field = resource ? "resource" : "containerResource";
    const metric = resource ?? containerResource;
    const percent = metric?.target.averageUtilization;
    if (metric === undefined || percent === undefined) return [];
    const path = ["spec", "metrics", index, field, "target", "averageUtilization"];
    return [{ resource: metric.name, container: containerResource?.container, percent, path }];
  });
}
