import { formatObjectName, type Deployment } from "@seaworthy/kube";
import { objectRule } from "../../../make-rule.ts";
import { holdsData } from "../../../objects/workloads/claims.ts";
import { findPods } from "../../../objects/pod-source.ts";
import { replicasOf, seenReplicas } from "../../../objects/workloads/replica-count.ts";
import { rolloutBudget } from "../../../objects/workloads/rollout-budget.ts";
import { callingServicesOf } from "../../../objects/network/calling-services.ts";

/** A rolling update that may take away every pod. */
export const rolloutZero = objectRule<Deployment>(
  {
    id: "rollout-zero",
    kind: "Deployment",
    group: "apps",
    severity: "error",
    title: "a rolling update may take away every pod",
    why: `\`maxUnavailable\` pods are ended before any new one is ready. When these are all, every request fails until a new
pod is ready, and a version that never gets ready is an outage. \`maxSurge: 0\` with a percentage that comes to nothing
counts as one pod, which is all of one.`,
    mend: `\`maxUnavailable: 0\` with \`maxSurge: 1\`: a pod is ended only when a new one is ready.`,
    sources: [
      "https://github.com/kubernetes/kubernetes/issues/90977",
      "https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/controller/deployment/util/deployment_util.go",
    ],
    profile: "default",
    losesRequests: true,
  },
  function* look(manifest, set) {
    const { object } = manifest;
    const [pod] = findPods(manifest);
    const [service] = pod === undefined ? [] : callingServicesOf(pod, set);
    const replicas = replicasOf(manifest, set);
    if (pod === undefined || service === undefined || replicas === undefined || replicas.least === 0) return;
    // Two pods must not have the data at once.
    if (holdsData(pod, set)) return;
    const budget = rolloutBudget(object, replicas.least);
    if (budget === undefined || budget.unavailable < replicas.least) return;
    const path = ["spec", "strategy", "rollingUpdate"];
    const isWritten = object.spec.strategy?.rollingUpdate?.maxUnavailable !== undefined;
    const surge = { manifest, path: [...path, "maxSurge"], op: "set", value: 1 } as const;
    yield {
      path: [...path, isWritten ? "maxUnavailable" : "maxSurge"],
      message: `a rollout of ${object.metadata.name} may take away ${replicas.least === 1 ? "its only pod" : `all its ${replicas.least} pods`}, and leave ${formatObjectName(service.object)} without any`,
      label: `${budget.unavailable} of ${replicas.least} may be missing`,
      seen: [seenReplicas(replicas)],
      next: ["strategy.rollingUpdate: {maxSurge: 1, maxUnavailable: 0}"],
      fix: {
        isSafe: false,
        edits: [
          { manifest, path: [...path, "maxUnavailable"], op: "set", value: 0 },
          ...(budget.surge === 0 ? [surge] : []),
        ],
      },
    };
  },
);
