import { objectRule } from "../../../make-rule.ts";
import type { HorizontalPodAutoscaler } from "../../../objects/workloads/autoscalers.ts";

/** An autoscaler that takes pods away as soon as the load falls. */
export const autoscalerScalesDownAtOnce = objectRule<HorizontalPodAutoscaler>(
  {
    id: "autoscaler-scales-down-at-once",
    kind: "HorizontalPodAutoscaler",
    group: "autoscaling",
    severity: "advice",
    title: "an autoscaler takes pods away as soon as the load falls",
    why: `The load of most apps goes up and down within minutes. Without time to settle, pods are ended in each short lull and
missing at the next wave; each end of a pod is a moment in which requests can be lost.`,
    mend: `Leave \`stabilizationWindowSeconds\` out: the default for scaling down is 300.`,
    sources: [
      "https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/#stabilization-window",
    ],
    profile: "strict",
  },
  function* look(manifest) {
    const seconds = manifest.object.spec.behavior?.scaleDown?.stabilizationWindowSeconds ?? 300;
    if (seconds >= 60) return;
    const path = ["spec", "behavior", "scaleDown", "stabilizationWindowSeconds"];
    yield {
      path,
      message: `${manifest.object.metadata.name} takes pods away after ${seconds} s of less load`,
      label: "the default is 300",
      next: ["remove it, or: stabilizationWindowSeconds: 300"],
      fix: { isSafe: false, edits: [{ manifest, path, op: "remove" }] },
    };
  },
);
