import { formatObjectName } from "@seaworthy/kube";
import { workloadRule } from "../../../workload-rule.ts";
import { autoscalersOf } from "../../../objects/workloads/autoscalers.ts";
import { isDatabase } from "../../../objects/containers/known-images.ts";
import { holdsData } from "../../../objects/workloads/claims.ts";
import { callingServicesOf } from "../../../objects/network/calling-services.ts";

/** An app behind a Service that is one pod. */
export const singleReplica = workloadRule(
  {
    id: "single-replica",
    severity: "warning",
    title: "an app behind a Service has one pod",
    why: `A node that fails, is emptied for an update or runs out of memory takes the only pod with it. Until another one has
been scheduled, pulled and started, every request fails: some ten seconds at best, minutes when a node is just gone.`,
    mend: `\`replicas: 2\` at least, 3 where there are three zones. This rule says nothing of pods with claims or files of a
node, and of StatefulSets: two of these are another design. For the image of a known database it offers no fix.`,
    sources: [
      "https://kubernetes.io/docs/concepts/workloads/pods/disruptions/",
      "https://github.com/kubernetes/kubernetes/issues/66811",
    ],
    profile: "default",
    peers: {
      "kube-score": ["deployment-replicas"],
      "kube-linter": ["minimum-three-replicas"],
      polaris: ["deploymentMissingReplicas"],
    },
  },
  function* look({ pod, replicas, isOrdered }, set) {
    const { manifest } = pod;
    // With an autoscaler it is the matter of autoscaler-minimum.
    if (replicas.most !== 1 || isOrdered || autoscalersOf(manifest, set).length > 0) return;
    const [service] = callingServicesOf(pod, set);
    if (service === undefined || holdsData(pod, set)) return;
    yield {
      path: replicas.path,
      message: `${formatObjectName(service.object)} has one pod of ${manifest.object.metadata.name}, and none when its node is emptied`,
      label: "one pod",
      ...(isDatabase(pod)
        ? {
            next: [
              "let it replicate its data, which takes a StatefulSet or an operator: a second pod alone would be another database",
            ],
          }
        : {
            next: ["replicas: 2"],
            fix: { isSafe: false, edits: [{ manifest, path: replicas.path, op: "set", value: 2 }] },
          }),
    };
  },
);
