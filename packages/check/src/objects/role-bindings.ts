import { groupOf, type KubeObject } from "@seaworthy/kube";
import type { ManifestOf, ObjectSet } from "./object-set.ts";
import type { PodSource } from "./pod-source.ts";

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

/** The API group of Roles and of what binds them. */
export const rbacGroup = "rbac.authorization.k8s.io";

/** Whether it is a Role or a ClusterRole: other groups have kinds of these names. */
export function isRole(object: KubeObject): object is RoleObject {
  const { apiVersion, kind } = object;
  return groupOf(apiVersion) === rbacGroup && (kind === "Role" || kind === "ClusterRole");
}

/** Every Role and ClusterRole. */
export function rolesOf(set: ObjectSet): ManifestOf<RoleObject>[] {
  return [...set.of<RoleObject>("ClusterRole", rbacGroup), ...set.of<RoleObject>("Role", rbacGroup)];
}

/** Every RoleBinding and ClusterRoleBinding. */
export function bindingsOf(set: ObjectSet): ManifestOf<BindingObject>[] {
  return [
    ...set.of<BindingObject>("ClusterRoleBinding", rbacGroup),
    ...set.of<BindingObject>("RoleBinding", rbacGroup),
  ];
}

/** Whether some binding gives the ServiceAccount of a pod a role. A binding may leave the namespace to where it is applied. */
export function isBound(set: ObjectSet, { manifest }: PodSource, account: string): boolean {
  const { namespace } = manifest.object.metadata;
  return (boundAccounts(set).get(account) ?? []).some(
    (bound) => bound === undefined || namespace === undefined || bound === namespace,
  );
}

/** The namespaces of all ServiceAccounts that get a role, by their names. */
function boundAccounts(set: ObjectSet): ReadonlyMap<string, readonly (string | undefined)[]> {
  const known = accounts.get(set);
  if (known !== undefined) return known;
  const bound = bindingsOf(set).flatMap(({ object }) =>
    (object.subjects ?? [])
      .filter(({ kind }) => kind === "ServiceAccount")
      .map(({ name, namespace }) => ({ name, namespace: namespace ?? object.metadata.namespace })),
  );
  const found = new Map(
    [...Map.groupBy(bound, ({ name }) => name)].map(([name, all]) => [
      name,
      all.map((each) => each.namespace),
    ]),
  );
  accounts.set(set, found);
  return found;
}

/** Each pod asks, and there may be thousands of both. */
const accounts = new WeakMap<ObjectSet, ReadonlyMap<string, readonly (string | undefined)[]>>();
