import { formatObjectName } from "@seaworthy/kube";
import { autoscalersOf } from "../../../objects/workloads/autoscalers.ts";
import { callingServicesOf } from "../../../objects/network/calling-services.ts";
import { workloadRule } from "../../../workload-rule.ts";

/** An autoscaler that may leave one pod, or none, to an app behind a Service. */
export const autoscalerMinimum = workloadRule(
  {
    id: "autoscaler-minimum",
    severity: "warning",
    title: "an autoscaler may leave an app one pod",
    why: `At night, when there is little load, the autoscaler leaves its least number. A single pod is gone when its node is;
with none, every request fails until one has started.`,
    mend: `\`minReplicas: 2\` at least, or 3 where there are three zones. The default is 1, and that of KEDA 0.`,
    sources: [
      "https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/",
      "https://keda.sh/docs/latest/reference/scaledobject-spec/",
    ],
    profile: "default",
    peers: {
      "kube-score": ["horizontalpodautoscaler-replicas"],
      "kube-linter": ["hpa-minimum-three-replicas"],
      polaris: ["hpaMinAvailability"],
    },
  },
  function* look({ pod }, set) {
    const [service] = callingServicesOf(pod, set);
    if (service === undefined) return;
    for (const { manifest, least, most, leastPath } of autoscalersOf(pod.manifest, set)) {
      if (least >= 2) continue;
      const field = String(leastPath.at(-1));
      const edit = { manifest, path: leastPath, op: "set", value: 2 } as const;
      yield {
        manifest,
        path: leastPath,
        message: `${formatObjectName(service.object)} may be left with ${least === 0 ? "no pod" : "one pod"} of ${pod.manifest.object.metadata.name}`,
        label: `${least} at least`,
        next: [`${field}: 2`],
        ...(most >= 2 && { fix: { isSafe: false, edits: [edit] } }),
      };
    }
  },
);
