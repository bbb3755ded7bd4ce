import type { Container, Pod } from "../../../object.ts";
import { compareQuantity } from "../../../quantity/quantity.ts";

/** The QoS class of a pod. https://kubernetes.io/docs/concepts/workloads/pods/pod-qos/ */
export function qosClassOf(pod: Pod): "Guaranteed" | "Burstable" | "BestEffort" {
  const containers = [...(pod.spec.containers ?? []), ...(pod.spec.initContainers ?? [])];
  if (!containers.some(hasAny)) return "BestEffort";
  return containers.every(isGuaranteed) ? "Guaranteed" : "Burstable";
}

const counted = ["cpu", "memory"] as const;

function hasAny({ resources }: Container): boolean {
  return counted.some((name) => isSet(resources?.requests?.[name]) || isSet(resources?.limits?.[name]));
}

function isGuaranteed({ resources }: Container): boolean {
  return counted.every((name) => {
    const limit = resources?.limits?.[name];
    const request = resources?.requests?.[name] ?? limit;
    return isSet(limit) && request !== undefined && compareQuantity(request, limit) === 0;
  });
}

function isSet(quantity: string | number | undefined): quantity is string | number {
  return quantity !== undefined && compareQuantity(quantity, 0) > 0;
}
