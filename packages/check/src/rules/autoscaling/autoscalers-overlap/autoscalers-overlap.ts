import { formatObjectName } from "@seaworthy/kube";
import { autoscalersOf } from "../../../objects/workloads/autoscalers.ts";
import { workloadRule } from "../../../workload-rule.ts";

/** Two autoscalers of one workload. */
export const autoscalersOverlap = workloadRule(
  {
    id: "autoscalers-overlap",
    severity: "error",
    title: "two autoscalers scale one workload",
    why: `Kubernetes sees that the pods of one workload belong to two autoscalers, and scales it by neither
(\`AmbiguousSelector\`). KEDA makes an autoscaler of its own for each ScaledObject.`,
    mend: `One autoscaler with several \`metrics\`: the one that asks for most pods decides.`,
    sources: [
      "https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/controller/podautoscaler/horizontal.go",
    ],
    profile: "default",
  },
  function* look({ pod }, set) {
    const [first, ...others] = autoscalersOf(pod.manifest, set);
    for (const { manifest } of others) {
      // The same object may be in two folders, of which one is applied.
      if (formatObjectName(manifest.object) === formatObjectName(first!.manifest.object)) continue;
      const { file, line } = first!.manifest.locate(["spec", "scaleTargetRef"]);
      yield {
        manifest,
        path: ["spec", "scaleTargetRef"],
        message: `${formatObjectName(manifest.object)} and ${formatObjectName(first!.manifest.object)} both scale ${pod.manifest.object.metadata.name}, so that neither does`,
        label: "has another autoscaler",
        seen: [`${file}:${line} scales it, too`],
        next: ["one autoscaler with the metrics of both"],
      };
    }
  },
);
