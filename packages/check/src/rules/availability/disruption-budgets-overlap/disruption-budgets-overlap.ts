import { formatObjectName, type PodDisruptionBudget } from "@seaworthy/kube";
import { objectRule } from "../../../make-rule.ts";
import { budgetsOf, podsUnder } from "../../../objects/workloads/disruption-budgets.ts";

/** Two PodDisruptionBudgets that select one pod. */
export const disruptionBudgetsOverlap = objectRule<PodDisruptionBudget>(
  {
    id: "disruption-budgets-overlap",
    kind: "PodDisruptionBudget",
    group: "policy",
    severity: "error",
    title: "two disruption budgets select one pod",
    why: `A pod with more than one budget cannot be evicted at all: the API server answers that the eviction subresource does
not support it, and the node cannot be emptied.`,
    mend: `Keep one of them, or narrow their selectors, so that each pod has one budget at most.`,
    sources: [
      "https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/registry/core/pod/storage/eviction.go",
      "https://kubernetes.io/docs/tasks/run-application/configure-pdb/#arbitrary-controllers-and-selectors",
    ],
    profile: "default",
  },
  function* look(manifest, set) {
    const reported = new Set<string>();
    for (const pod of podsUnder(manifest, set)) {
      const budgets = budgetsOf(pod, set);
      // Each two are told of once, at the later one.
      for (const other of budgets.slice(0, budgets.indexOf(manifest))) {
        const name = other.object.metadata.name;
        // The same object may be in two folders, of which one is applied.
        if (reported.has(name) || name === manifest.object.metadata.name) continue;
        reported.add(name);
        const { file, line } = other.locate(["spec", "selector"]);
        yield {
          path: ["spec", "selector"],
          message: `pods of ${formatObjectName(pod.manifest.object)} cannot be evicted: ${manifest.object.metadata.name} and ${name} both select them`,
          label: `${name} selects them, too`,
          seen: [`${file}:${line} selects the same pods`],
          next: ["keep one of them, or narrow a selector"],
        };
      }
    }
  },
);
