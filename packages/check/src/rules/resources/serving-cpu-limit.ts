import { compareQuantity, type Service } from "@seaworthy/kube";
import { writtenAmount } from "../../objects/containers/container-resources.ts";
import type { ManifestOf, ObjectSet } from "../../objects/object-set.ts";
import type { ContainerSource, PodSource } from "../../objects/pod-source.ts";
import { callingServicesOf } from "../../objects/network/calling-services.ts";
import { servingContainers } from "../../objects/containers/serving.ts";
import type { Fix } from "../../rule.ts";

/** A CPU limit that holds up requests. */
export interface ServingCpuLimit {
  readonly source: ContainerSource;
  readonly limit: string;
  readonly service: ManifestOf<Service>;
}

/** The CPU limits of containers that a Service sends requests. */
export function servingCpuLimits(pod: PodSource, set: ObjectSet): ServingCpuLimit[] {
  const [service] = callingServicesOf(pod, set);
  if (service === undefined) return [];
  return servingContainers(pod, set).flatMap((source) => {
    const limit = writtenAmount(source.container, "limits", "cpu");
    const request = writtenAmount(source.container, "requests", "cpu") ?? limit;
    return limit === undefined || mayBePinned(limit, request ?? limit) ? [] : [{ source, limit, service }];
  });
}

/** Takes the limit away. A request that the API server took from the limit is written, so that it stays. */
export function withoutLimit({ manifest }: PodSource, { source, limit }: ServingCpuLimit): Fix {
  const resources = [...source.path, "resources"];
  const isRequested = Boolean(source.container.resources?.requests?.["cpu"]);
  return {
    // A quota of the namespace may demand limits.
    isSafe: false,
    edits: [
      ...(isRequested
        ? []
        : [{ manifest, path: [...resources, "requests", "cpu"], op: "set", value: limit } as const]),
      { manifest, path: [...resources, "limits", "cpu"], op: "remove" },
    ],
  };
}

/** Whole CPUs that are all requested are the container's own under the kubelet's static policy: nobody is throttled then. */
function mayBePinned(limit: string, request: string): boolean {
  return compareQuantity(limit, request) === 0 && /^\d+$/.test(limit);
}
