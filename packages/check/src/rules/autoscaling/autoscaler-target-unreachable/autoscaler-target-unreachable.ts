import { formatObjectName, parseQuantity } from "@seaworthy/kube";
import { horizontalAutoscalers, targetOf } from "../../../objects/workloads/autoscalers.ts";
import { findPods, type PodSource } from "../../../objects/pod-source.ts";
import { utilizationTargets } from "../../../objects/workloads/utilization-targets.ts";
import type { Rule } from "../../../rule.ts";

/** An autoscaler whose target is above what the limits of the pods allow them to use. */
export const autoscalerTargetUnreachable: Rule = {
  id: "autoscaler-target-unreachable",
  severity: "error",
  title: "the pods cannot use as much as their autoscaler waits for",
  why: `Pods are added when the use is more than a tenth above the target, as a share of the requests. Limits hold the use
down: where these are what is requested, no more than 100 % can be used, and with a target of 95 % no pod is ever added.`,
  mend: `Lower the target, to 70 % for example: it must leave room for the load that comes while new pods start. Or raise the
limit, or leave the one of CPU out.`,
  sources: ["https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/#algorithm-details"],
  profile: "default",
  *check(set) {
    for (const manifest of horizontalAutoscalers(set)) {
      const target = targetOf(manifest, set);
      const [pod] = target === undefined ? [] : findPods(target);
      if (pod === undefined) continue;
      for (const { resource, container, percent, path } of utilizationTargets(manifest.object)) {
        const most = mostPercent(pod, resource, container);
        if (most === undefined || percent * (1 + tolerance) < most) continue;
        const value = Math.floor((most * 0.7) / 5) * 5;
        yield {
          manifest,
          path,
          message: `${formatObjectName(manifest.object)} adds no pod: it waits for more than ${Math.round(percent * (1 + tolerance))} % of the requested ${resource}, and limits end the use at ${most} %`,
          label: `${most} % is the most`,
          next: [`averageUtilization: ${value}`],
        };
      }
    }
  },
};

/** https://kubernetes.io/docs/reference/command-line-tools-reference/kube-controller-manager/ --horizontal-pod-autoscaler-tolerance */
const tolerance = 0.1;

/** The limits as a share of the requests; undefined where a container has no limit, or nothing is known. */
function mostPercent(pod: PodSource, resource: string, only: string | undefined): number | undefined {
  let [requested, limited] = [0n, 0n];
  for (const { container, role } of pod.containers) {
    if (role === "init" || (only ?? container.name) !== container.name) continue;
    const limit = container.resources?.limits?.[resource];
    const request = container.resources?.requests?.[resource] ?? limit;
    if (limit === undefined || request === undefined) return undefined;
    requested += parseQuantity(request);
    limited += parseQuantity(limit);
  }
  return requested === 0n ? undefined : Number((limited * 100n) / requested);
}
