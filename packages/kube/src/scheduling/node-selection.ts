import type { Node, Pod, Taint, Toleration } from "../object.ts";
import { matchesLabelSelector } from "../selectors/matches-label-selector.ts";

/** Whether a node has the labels of nodeSelector and of the required node affinity. */
export function matchesNodeSelection(pod: Pod, node: Node): boolean {
  const matchLabels = pod.spec.nodeSelector ?? {};
  if (!matchesLabelSelector({ matchLabels }, node.metadata.labels)) return false;
  const required = pod.spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  return required === undefined || required.nodeSelectorTerms.some((term) => matchesTerm(term, node));
}

/**
 * One term of a node selector: all its expressions must hold, and an empty one matches nothing. Its operators are those of
 * label selectors (k8s.io/component-helpers/scheduling/corev1/nodeaffinity makes labels.Requirements of them).
 */
export function matchesTerm(term: NodeSelectorTerm, node: Node): boolean {
  const { matchExpressions = [], matchFields = [] } = term;
  if (matchExpressions.length + matchFields.length === 0) return false;
  return (
    matchesLabelSelector({ matchExpressions }, node.metadata.labels) &&
    matchFields.every(({ key }) => key === "metadata.name") &&
    matchesLabelSelector({ matchExpressions: matchFields }, { "metadata.name": node.metadata.name })
  );
}

/** The taints of a node. */
export function taintsOf(node: Node): readonly Taint[] {
  return node.spec?.taints ?? [];
}

/** The first taint that keeps a pod away and that the pod does not tolerate. */
export function untoleratedTaint(pod: Pod, taints: readonly Taint[]): Taint | undefined {
  const tolerations = pod.spec.tolerations ?? [];
  return taints.find(
    (taint) =>
      (taint.effect === "NoSchedule" || taint.effect === "NoExecute") &&
      !tolerations.some((toleration) => tolerates(toleration, taint)),
  );
}

/** Whether a toleration covers a taint (k8s.io/api/core/v1/toleration.go, ToleratesTaint). */
export function tolerates(toleration: Toleration, taint: Taint): boolean {
  const { effect = "", key = "", operator = "Equal", value = "" } = toleration;
  if (effect !== "" && effect !== taint.effect) return false;
  if (key !== "" && key !== taint.key) return false;
  return operator === "Exists" || (key !== "" && value === (taint.value ?? ""));
}

type NodeSelectorTerm = NonNullable<
  NonNullable<
    NonNullable<
      NonNullable<Pod["spec"]["affinity"]>["nodeAffinity"]
    >["requiredDuringSchedulingIgnoredDuringExecution"]
  >["nodeSelectorTerms"]
>[number];
