import type { PodDisruptionBudget } from "@seaworthy/kube";
import { objectRule } from "../../../make-rule.ts";

/** A PodDisruptionBudget that keeps pods which do not work. */
export const disruptionBudgetKeepsBrokenPods = objectRule<PodDisruptionBudget>(
  {
    id: "disruption-budget-keeps-broken-pods",
    kind: "PodDisruptionBudget",
    group: "policy",
    severity: "advice",
    title: "a disruption budget keeps pods that are not ready",
    why: `By default a pod that runs and is not ready may be evicted only when enough others are healthy. An app whose pods
all fail then keeps its nodes from being emptied, although there is nothing to protect.`,
    mend: `\`unhealthyPodEvictionPolicy: AlwaysAllow\` (stable since 1.31).`,
    sources: [
      "https://kubernetes.io/docs/tasks/run-application/configure-pdb/#unhealthy-pod-eviction-policy",
      "https://github.com/kubernetes/enhancements/tree/master/keps/sig-apps/3017-pod-healthy-policy-for-pdb",
    ],
    profile: "strict",
    peers: { "kube-linter": ["pdb-unhealthy-pod-eviction-policy"] },
  },
  function* look(manifest) {
    if (manifest.object.spec.unhealthyPodEvictionPolicy === "AlwaysAllow") return;
    const path = ["spec", "unhealthyPodEvictionPolicy"];
    yield {
      path,
      message: `${manifest.object.metadata.name} keeps pods that are not ready from being evicted`,
      label: "also those that never get ready",
      next: ["unhealthyPodEvictionPolicy: AlwaysAllow"],
      fix: { isSafe: true, edits: [{ manifest, path, op: "set", value: "AlwaysAllow" }] },
    };
  },
);
