import { workloadRule } from "../../../workload-rule.ts";

/** A workload with one or two pods. */
export const fewerThanThreeReplicas = workloadRule(
  {
    id: "fewer-than-three-replicas",
    severity: "advice",
    title: "a workload has fewer than three pods",
    why: `With two pods, one carries all load while the other is moved, and nothing is left when it fails at that moment. Three
are one for each zone of most regions. Two are enough for many, so that this rule is in no profile.`,
    mend: `\`replicas: 3\`, or \`minReplicas: 3\` of its autoscaler.`,
    sources: ["https://docs.kubelinter.io/#/generated/checks?id=minimum-three-replicas"],
    peers: { "kube-linter": ["minimum-three-replicas", "hpa-minimum-three-replicas"] },
  },
  function* look({ replicas, isOrdered, pod }) {
    if (replicas.least >= 3 || isOrdered || replicas.most === 0) return;
    const { name } = pod.manifest.object.metadata;
    yield {
      manifest: replicas.manifest,
      path: replicas.path,
      message: `${name} may have no more than ${replicas.least} ${replicas.least === 1 ? "pod" : "pods"}`,
      label: "fewer than three",
      next: [`${String(replicas.path.at(-1))}: 3`],
    };
  },
);
