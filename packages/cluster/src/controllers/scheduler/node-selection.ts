import type { Node, Pod, Taint, Toleration } from "@seaworthy/kube";

/** Whether a node has the labels of nodeSelector and of the required node affinity. */
export function matchesNodeSelection(pod: Pod, node: Node): boolean {
  const labels = node.metadata.labels ?? {};
  const wanted = Object.entries(pod.spec.nodeSelector ?? {});
  if (!wanted.every(([name, value]) => labels[name] === value)) return false;
  const required = pod.spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  return required === undefined || required.nodeSelectorTerms.some((term) => matchesTerm(term, node));
}

/** One term of a node selector: all its expressions must hold, and an empty one matches nothing. */
export function matchesTerm(term: NodeSelectorTerm, node: Node): boolean {
  const { matchExpressions = [], matchFields = [] } = term;
  if (matchExpressions.length + matchFields.length === 0) return false;
  const labels = node.metadata.labels ?? {};
  return (
    matchExpressions.every((expression) => matchesExpression(expression, labels[expression.key])) &&
    matchFields.every(
      (field) => field.key === "metadata.name" && matchesExpression(field, node.metadata.name),
    )
  );
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

type Expression = NonNullable<NodeSelectorTerm["matchExpressions"]>[number];

function matchesExpression({ operator, values = [] }: Expression, label: string | undefined): boolean {
  const [bound] = values;
  switch (operator) {
    case "In":
      return label !== undefined && values.includes(label);
    case "NotIn":
      return label === undefined || !values.includes(label);
    case "Exists":
      return label !== undefined;
    case "DoesNotExist":
      return label === undefined;
    case "Gt":
      return Number.parseInt(label ?? "", 10) > Number.parseInt(bound ?? "", 10);
    case "Lt":
      return Number.parseInt(label ?? "", 10) < Number.parseInt(bound ?? "", 10);
    default:
      return false;
  }
}
