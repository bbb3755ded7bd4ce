import { matchesLabelSelector, type PodSpec } from "@seaworthy/kube";
import { workloadRule } from "../../../workload-rule.ts";
import { selfAvoidances } from "../../../objects/workloads/self-avoiding.ts";

/** An app of several pods that may all be on one node. */
export const spreadMissing = workloadRule(
  {
    id: "spread-missing",
    severity: "advice",
    title: "nothing keeps the pods of an app apart",
    why: `The scheduler spreads pods a little by itself, but prefers nodes with room: after a node has come back, or in a full
cluster, all pods may be on one, and go down with it. Pods with high load that were stacked on one node took that down,
and the next.`,
    mend: `\`topologySpreadConstraints\` over \`kubernetes.io/hostname\`, and over \`topology.kubernetes.io/zone\` where there
are zones, with \`whenUnsatisfiable: ScheduleAnyway\`; or a preferred anti-affinity to its own label.`,
    sources: [
      "https://updates.moonlightwork.com/outage-post-mortem-87370",
      "https://kubernetes.io/docs/concepts/scheduling-eviction/topology-spread-constraints/",
    ],
    profile: "strict",
    peers: {
      "kube-score": ["deployment-has-host-podantiaffinity", "statefulset-has-host-podantiaffinity"],
      "kube-linter": ["no-anti-affinity"],
      polaris: ["topologySpreadConstraint"],
    },
  },
  function* look({ pod, replicas }) {
    if (replicas.most < 2 || (pod.spec.topologySpreadConstraints ?? []).length > 0) return;
    if (selfAvoidances(pod).length > 0 || prefersApart(pod.spec, pod.labels)) return;
    const { manifest, path, labels } = pod;
    const field = [...path, "spec", "topologySpreadConstraints"];
    const value = [
      {
        maxSkew: 1,
        topologyKey: "kubernetes.io/hostname",
        whenUnsatisfiable: "ScheduleAnyway",
        labelSelector: { matchLabels: { ...labels } },
      },
    ];
    yield {
      path: field,
      message: `up to ${replicas.most} pods of ${manifest.object.metadata.name} may be on one node`,
      label: "neither spread nor anti-affinity",
      next: ["topologySpreadConstraints over kubernetes.io/hostname, whenUnsatisfiable: ScheduleAnyway"],
      fix: { isSafe: false, edits: [{ manifest, path: field, op: "set", value }] },
    };
  },
);

function prefersApart({ affinity }: PodSpec, labels: Readonly<Record<string, string>>): boolean {
  const terms = affinity?.podAntiAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? [];
  return terms.some(({ podAffinityTerm }) => matchesLabelSelector(podAffinityTerm.labelSelector, labels));
}
