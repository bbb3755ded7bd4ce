import { deepEqual, matchesLabelSelector, type KubeObject, type LabelSelector } from "@seaworthy/kube";

/** A ClusterRole, as far as others are gathered into it (rbac.authorization.k8s.io/v1). */
export interface ClusterRole extends KubeObject {
  rules?: readonly unknown[];
  aggregationRule?: { readonly clusterRoleSelectors?: readonly LabelSelector[] };
}

/**
 * The rules that a role gathers from others: for each selector those of the roles it selects, by name, each rule once.
 * https://github.com/kubernetes/kubernetes/blob/master/pkg/controller/clusterroleaggregation/clusterroleaggregation_controller.go
 */
export function aggregateRules(role: ClusterRole, all: readonly ClusterRole[]): unknown[] {
  const gathered: unknown[] = [];
  const others = all
    .filter(({ metadata }) => metadata.name !== role.metadata.name)
    .toSorted((left, right) => (left.metadata.name < right.metadata.name ? -1 : 1));
  for (const selector of role.aggregationRule?.clusterRoleSelectors ?? [])
    for (const { metadata, rules = [] } of others)
      if (matchesLabelSelector(selector, metadata.labels))
        gathered.push(...rules.filter((rule) => !gathered.some((known) => deepEqual(known, rule))));
  return gathered;
}
