import { isJsonObject, type JsonObject } from "../../../patch/json-value.ts";
import { listAt, textAt, valueAt } from "../../columns/value-at.ts";
import { defaultHorizontalPodAutoscaler } from "./horizontal-pod-autoscaler-defaults.ts";

/**
 * An autoscaler as v1 and as v2 show it: v1 knows the utilization of CPU alone, and keeps the rest in annotations.
 * https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/apis/autoscaling/v1/conversion.go
 */
export function convertHorizontalPodAutoscaler(object: JsonObject, apiVersion: string): JsonObject {
  const before = String(object["apiVersion"]);
  if (before === apiVersion) return object;
  return apiVersion === "autoscaling/v1" ? asV1(object) : asV2(object, apiVersion);
}

const kept = [
  { field: "metrics", annotation: "autoscaling.alpha.kubernetes.io/metrics" },
  { field: "behavior", annotation: "autoscaling.alpha.kubernetes.io/behavior" },
] as const;

function asV1(object: JsonObject): JsonObject {
  const { metrics: _metrics, behavior, ...spec } = objectAt(object, "spec");
  const { currentMetrics: _current, conditions: _conditions, ...status } = objectAt(object, "status");
  const metrics = listAt(object, "spec.metrics");
  const cpu = metrics.find(isCpu);
  const others = metrics.filter((metric) => metric !== cpu);
  const now = listAt(object, "status.currentMetrics").find(
    (metric) => textAt(metric, "resource.name") === "cpu",
  );
  const annotations = { ...objectAt(object, "metadata.annotations") };
  if (others.length > 0) annotations[kept[0].annotation] = JSON.stringify(others);
  if (behavior !== undefined) annotations[kept[1].annotation] = JSON.stringify(behavior);
  const target = valueAt(cpu, "resource.target.averageUtilization");
  const utilization = valueAt(now, "resource.current.averageUtilization");
  return {
    ...object,
    apiVersion: "autoscaling/v1",
    metadata: withAnnotations(object, annotations),
    spec: { ...spec, ...(target === undefined ? {} : { targetCPUUtilizationPercentage: target }) },
    status: {
      currentReplicas: 0,
      ...status,
      ...(utilization === undefined ? {} : { currentCPUUtilizationPercentage: utilization }),
    },
  };
}

function asV2(object: JsonObject, apiVersion: string): JsonObject {
  const { targetCPUUtilizationPercentage: target, ...spec } = objectAt(object, "spec");
  const { currentCPUUtilizationPercentage: _now, ...status } = objectAt(object, "status");
  const annotations = { ...objectAt(object, "metadata.annotations") };
  const [others, behavior] = kept.map(({ annotation }) => readJson(annotations[annotation]));
  for (const { annotation } of kept) delete annotations[annotation];
  const cpu = { type: "Utilization", averageUtilization: target };
  const metrics = [
    ...(target === undefined ? [] : [{ type: "Resource", resource: { name: "cpu", target: cpu } }]),
    ...(Array.isArray(others) ? (others as unknown[]) : []),
  ];
  const converted: JsonObject = {
    ...object,
    apiVersion,
    metadata: withAnnotations(object, annotations),
    spec: {
      ...spec,
      ...(metrics.length === 0 ? {} : { metrics }),
      ...(isJsonObject(behavior) ? { behavior } : {}),
    },
    status,
  };
  defaultHorizontalPodAutoscaler(converted);
  return converted;
}

function isCpu(metric: unknown): boolean {
  return (
    textAt(metric, "resource.name") === "cpu" &&
    valueAt(metric, "resource.target.averageUtilization") !== undefined
  );
}

function objectAt(object: JsonObject, path: string): JsonObject {
  const value = valueAt(object, path);
  return isJsonObject(value) ? value : {};
}

function withAnnotations(object: JsonObject, annotations: JsonObject): JsonObject {
  const { annotations: _annotations, ...metadata } = objectAt(object, "metadata");
  return Object.keys(annotations).length === 0 ? metadata : { ...metadata, annotations };
}

function readJson(text: unknown): unknown {
  try {
    return typeof text === "string" ? JSON.parse(text) : undefined;
  } catch {
    return undefined;
  }
}
