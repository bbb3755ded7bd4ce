import type { PodDisruptionBudget } from "@seaworthy/kube";
import { objectRule } from "../../../make-rule.ts";

/** A PodDisruptionBudget that keeps nothing. */
export const disruptionBudgetEmpty = objectRule<PodDisruptionBudget>(
  {
    id: "disruption-budget-empty",
    kind: "PodDisruptionBudget",
    group: "policy",
    severity: "warning",
    title: "a disruption budget says neither minAvailable nor maxUnavailable",
    why: `Without either, no pod has to be available: all may be evicted at once, as if there were no budget.`,
    mend: `\`maxUnavailable: 1\`, which is right for any number of pods.`,
    sources: [
      "https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/controller/disruption/disruption.go",
    ],
    profile: "default",
    peers: { "kube-score": ["poddisruptionbudget-has-policy"] },
  },
  function* look(manifest) {
    const { minAvailable, maxUnavailable } = manifest.object.spec as {
      minAvailable?: unknown;
      maxUnavailable?: unknown;
    };
    if ((minAvailable ?? maxUnavailable) !== undefined) return;
    const path = ["spec", "maxUnavailable"];
    yield {
      path,
      message: `${manifest.object.metadata.name} keeps no pod from being evicted: it says neither minAvailable nor maxUnavailable`,
      label: "keeps nothing",
      next: ["maxUnavailable: 1"],
      fix: { isSafe: true, edits: [{ manifest, path, op: "set", value: 1 }] },
    };
  },
);
