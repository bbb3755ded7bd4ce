import { formatObjectName, type LimitRange } from "@seaworthy/kube";
import { horizontalAutoscalers, targetOf } from "../../../objects/workloads/autoscalers.ts";
import { mayMeet, type ObjectSet } from "../../../objects/object-set.ts";
import { findPods, type PodSource } from "../../../objects/pod-source.ts";
import {
  utilizationTargets,
  type UtilizationTarget,
} from "../../../objects/workloads/utilization-targets.ts";
import type { Finding, Rule } from "../../../rule.ts";

/** An autoscaler that needs a share of a request which a container does not make. */
export const autoscalerNeedsRequest: Rule = {
  id: "autoscaler-needs-request",
  severity: "error",
  title: "an autoscaler needs a request that a container does not make",
  why: `Utilization is the share of what the containers request. When one of them requests nothing, be it a sidecar, there is
no share: the autoscaler shows \`<unknown>\` and never scales.`,
  mend: `Give every container of the pod that request, sidecars as well; or use a metric of type \`ContainerResource\` for the
one that counts.`,
  sources: [
    "https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/#algorithm-details",
    "https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/controller/podautoscaler/replica_calculator.go",
  ],
  profile: "default",
  *check(set) {
    for (const autoscaler of horizontalAutoscalers(set)) {
      const target = targetOf(autoscaler, set);
      const [pod] = target === undefined ? [] : findPods(target);
      if (pod === undefined) continue;
      for (const metric of utilizationTargets(autoscaler.object)) {
        if (!givesDefault(pod, metric.resource, set))
          yield* missingIn(pod, metric, formatObjectName(autoscaler.object));
      }
    }
  },
};

function* missingIn(
  pod: PodSource,
  { resource, container: only }: UtilizationTarget,
  name: string,
): Iterable<Finding> {
  for (const { container, path, role } of pod.containers) {
    const { requests, limits } = container.resources ?? {};
    // A limit without a request is one.
    if (
      role === "init" ||
      (only ?? container.name) !== container.name ||
      requests?.[resource] ||
      limits?.[resource]
    )
      continue;
    yield {
      manifest: pod.manifest,
      path: [...path, "resources", "requests", resource],
      message: `${name} cannot scale by ${resource}: container ${container.name} requests none, of which it needs a share`,
      label: `no request for ${resource}`,
      next: [`resources.requests.${resource}: what the container uses as a rule`],
    };
  }
}

/** Whether the pod as a whole requests it, or the namespace gives a default. */
function givesDefault({ spec, manifest }: PodSource, resource: string, set: ObjectSet): boolean {
  if (spec.resources?.requests?.[resource] || spec.resources?.limits?.[resource]) return true;
  return set
    .of<LimitRange>("LimitRange")
    .filter(({ object }) => mayMeet(object, manifest.object))
    .flatMap(({ object }) => object.spec?.limits ?? [])
    .some(
      (limit) =>
        limit.type === "Container" && Boolean(limit.defaultRequest?.[resource] ?? limit.default?.[resource]),
    );
}
