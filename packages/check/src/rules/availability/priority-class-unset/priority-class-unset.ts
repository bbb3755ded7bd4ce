import { podRule } from "../../../make-rule.ts";

/** Pods without a priority class. */
export const priorityClassUnset = podRule(
  {
    id: "priority-class-unset",
    severity: "advice",
    title: "pods have no priority class",
    why: `Where a cluster is full, the scheduler evicts pods of lower priority for those of higher. Without classes all are
alike, which is right in most clusters: this rule is in no profile.`,
    mend: `\`priorityClassName\`, where the cluster has classes for what matters most.`,
    sources: ["https://kubernetes.io/docs/concepts/scheduling-eviction/pod-priority-preemption/"],
    peers: { "kube-linter": ["priority-class-name"], polaris: ["priorityClassNotSet"] },
  },
  function* look({ spec, manifest }) {
    if (spec.priorityClassName) return;
    yield {
      path: ["spec", "priorityClassName"],
      message: `pods of ${manifest.object.metadata.name} have no priority class`,
      label: "no priorityClassName",
      next: ["priorityClassName: a class of this cluster"],
    };
  },
);
