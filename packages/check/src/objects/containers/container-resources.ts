import { isQuantity, type Container, type LimitRange } from "@seaworthy/kube";
import { near } from "../near.ts";
import type { ObjectSet } from "../object-set.ts";
import type { ContainerSource, PodSource } from "../pod-source.ts";

/** What a container can ask for. */
export type ResourceName = "cpu" | "memory" | "ephemeral-storage";

/**
 * What a container may use at most: its own limit, its pod's, or that of a LimitRange among the objects.
 * https://github.com/kubernetes/kubernetes/blob/v1.36.3/plugin/pkg/admission/limitranger/admission.go
 */
export function limitOf(
  { container }: ContainerSource,
  pod: PodSource,
  set: ObjectSet,
  resource: ResourceName,
): string | undefined {
  return (
    writtenAmount(container, "limits", resource) ??
    writtenAmount(pod.spec, "limits", resource) ??
    defaultOf(pod, set, resource).limit
  );
}

/** What a node keeps free for a container. Where no request is written, the API server takes the limit. */
export function requestOf(
  source: ContainerSource,
  pod: PodSource,
  set: ObjectSet,
  resource: ResourceName,
): string | undefined {
  const { container } = source;
  return (
    writtenAmount(container, "requests", resource) ??
    writtenAmount(container, "limits", resource) ??
    writtenAmount(pod.spec, "requests", resource) ??
    writtenAmount(pod.spec, "limits", resource) ??
    defaultOf(pod, set, resource).request
  );
}

/** What a container, or a pod for all of its containers, says itself. In a custom kind it may be no amount at all. */
export function writtenAmount(
  { resources }: Pick<Container, "resources">,
  list: "requests" | "limits",
  resource: ResourceName,
): string | undefined {
  const amount = resources?.[list]?.[resource];
  return isQuantity(amount) ? amount : undefined;
}

/** The containers that run for as long as their pod does. */
export function lastingContainers({ containers }: PodSource): ContainerSource[] {
  return containers.filter(({ role }) => role !== "init");
}

function defaultOf(
  { manifest }: PodSource,
  set: ObjectSet,
  resource: ResourceName,
): { limit?: string | undefined; request?: string | undefined } {
  for (const { object } of near<LimitRange>(set, manifest.object, "LimitRange")) {
    for (const range of object.spec?.limits ?? []) {
      if (range.type !== "Container") continue;
      const limit = range.default?.[resource] ?? range.max?.[resource];
      const request = range.defaultRequest?.[resource] ?? limit ?? range.min?.[resource];
      if (limit !== undefined || request !== undefined) return { limit, request };
    }
  }
  return {};
}
