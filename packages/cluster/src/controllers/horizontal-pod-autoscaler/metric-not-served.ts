import { labelSelectorInGo } from "@seaworthy/kube";
import type { MetricSpec } from "./horizontal-pod-autoscaler.ts";

/**
 * What is told of a metric whose API nobody serves, in the words of the client that asks for it.
 * https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/controller/podautoscaler/replica_calculator.go
 */
export function metricNotServed(
  { type, pods, object, external }: MetricSpec,
  namespace: string,
): { readonly reason: string; readonly why: string; readonly error: string } {
  const reason = `FailedGet${type}Metric`;
  if (external !== undefined) {
    const { name, selector } = external.metric;
    const api = `unable to fetch metrics from external metrics API: the server could not find the requested resource (get ${name}.external.metrics.k8s.io)`;
    const why = `unable to get external metric ${namespace}/${name}/${labelSelectorInGo(selector)}: ${api}`;
    const whose =
      external.target.averageValue === undefined ? `external metric ${name}` : `${name} external metric`;
    return {
      reason,
      why,
      error: `failed to get ${name} external metric value: failed to get ${whose}: ${why}`,
    };
  }
  const api =
    "unable to fetch metrics from custom metrics API: no custom metrics API (custom.metrics.k8s.io) registered";
  const name = (pods ?? object)?.metric.name ?? "";
  const described = object?.describedObject;
  // The order of these words is that of Kubernetes.
  const where = described === undefined ? "" : `${described.kind} on ${namespace} ${described.name}/`;
  const why = `unable to get metric ${name}: ${where}${api}`;
  return { reason, why, error: `failed to get ${type.toLowerCase()} metric value: ${why}` };
}
