import { workloadRule } from "../../../workload-rule.ts";
import { budgetsOf } from "../../../objects/workloads/disruption-budgets.ts";
import { callingServicesOf } from "../../../objects/network/calling-services.ts";

/** An app of several pods, all of which may be evicted at once. */
export const disruptionBudgetMissing = workloadRule(
  {
    id: "disruption-budget-missing",
    severity: "advice",
    title: "all pods of an app may be evicted at once",
    why: `When nodes are emptied, for an update of the cluster or by its autoscaler, pods are evicted without regard to each
other. An update that empties one node after the other moves on while the pods of the first are not ready yet.`,
    mend: `A PodDisruptionBudget that selects its pods, with \`maxUnavailable: 1\` and
\`unhealthyPodEvictionPolicy: AlwaysAllow\`.`,
    sources: [
      "https://kubernetes.io/docs/tasks/run-application/configure-pdb/",
      "https://kubernetes.io/docs/concepts/workloads/pods/disruptions/",
    ],
    profile: "strict",
    peers: {
      "kube-score": ["deployment-has-poddisruptionbudget", "statefulset-has-poddisruptionbudget"],
      polaris: ["missingPodDisruptionBudget"],
    },
  },
  function* look({ pod, replicas }, set) {
    if (replicas.least < 2 || callingServicesOf(pod, set).length === 0 || budgetsOf(pod, set).length > 0)
      return;
    const { metadata } = pod.manifest.object;
    const labels = Object.entries(pod.labels).map(([key, value]) => `${key}: ${value}`);
    yield {
      path: ["metadata", "name"],
      message: `all ${replicas.least} pods of ${metadata.name} may be evicted at once: no PodDisruptionBudget selects them`,
      label: "no disruption budget",
      next: [
        `a PodDisruptionBudget: {selector: {matchLabels: {${labels.join(", ")}}}, maxUnavailable: 1, unhealthyPodEvictionPolicy: AlwaysAllow}`,
      ],
    };
  },
);
