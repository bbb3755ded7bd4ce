import { objectRule } from "../../../make-rule.ts";
import type { HorizontalPodAutoscaler } from "../../../objects/workloads/autoscalers.ts";

/** An autoscaler that cannot scale. */
export const autoscalerNoRoom = objectRule<HorizontalPodAutoscaler>(
  {
    id: "autoscaler-no-room",
    kind: "HorizontalPodAutoscaler",
    group: "autoscaling",
    severity: "warning",
    title: "an autoscaler cannot scale: its least number is its most",
    why: `With \`minReplicas\` equal to \`maxReplicas\` nothing is scaled, however high the load is, while everybody believes
that it is. It is often left behind by an incident.`,
    mend: `Raise \`maxReplicas\` to what the database behind it and the quota allow; or set \`replicas\` and do without an
autoscaler.`,
    sources: ["https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/"],
    profile: "default",
    peers: { polaris: ["hpaMaxAvailability"] },
  },
  function* look({ object }) {
    const { minReplicas = 1, maxReplicas } = object.spec;
    if (maxReplicas !== minReplicas) return;
    yield {
      path: ["spec", "maxReplicas"],
      message: `${object.metadata.name} never scales: minReplicas and maxReplicas are both ${maxReplicas}`,
      label: "as many as there are at least",
      next: [`maxReplicas: ${maxReplicas * 2}, or what the systems behind it allow`],
    };
  },
);
