import type { KubeObject } from "@seaworthy/kube";
import { namespaceOf, type ManifestOf, type ObjectSet } from "./object-set.ts";

/** One permission of a Role or a ClusterRole. */
export interface PolicyRule {
  readonly verbs?: readonly string[];
  readonly apiGroups?: readonly string[];
  readonly resources?: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly nonResourceURLs?: readonly string[];
}

/** A Role or a ClusterRole. */
export interface RoleObject extends KubeObject {
  readonly rules?: readonly PolicyRule[];
  readonly aggregationRule?: unknown;
}

/** Who gets a role. */
export interface Subject {
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
}

/** A RoleBinding or a ClusterRoleBinding. */
export interface BindingObject extends KubeObject {
  readonly roleRef?: { readonly kind: string; readonly name: string };
  readonly subjects?: readonly Subject[];
}

const group = "rbac.authorization.k8s.io";

/** Every Role and ClusterRole. */
export function rolesOf(set: ObjectSet): ManifestOf<RoleObject>[] {
  return [...set.of<RoleObject>("ClusterRole", group), ...set.of<RoleObject>("Role", group)];
}

/** Every RoleBinding and ClusterRoleBinding. */
export function bindingsOf(set: ObjectSet): ManifestOf<BindingObject>[] {
  return [
    ...set.of<BindingObject>("ClusterRoleBinding", group),
    ...set.of<BindingObject>("RoleBinding", group),
  ];
}

/** Whether some binding gives a ServiceAccount a role. */
export function isBound(set: ObjectSet, namespace: string, name: string): boolean {
  return bindingsOf(set).some(({ object }) =>
    (object.subjects ?? []).some(
      (subject) =>
        subject.kind === "ServiceAccount" &&
        subject.name === name &&
        (subject.namespace ?? namespaceOf(object)) === namespace,
    ),
  );
}
