import type { KubeObject } from "@seaworthy/kube";
import type { UserInfo } from "@seaworthy/client";
import { userNameOf } from "../authentication/service-account-name.ts";
import type { StoreEvent } from "../store/collection.ts";
import type { Store } from "../store/store.ts";

/** A RoleBinding or a ClusterRoleBinding (rbac.authorization.k8s.io/v1). */
export interface Binding extends KubeObject {
  readonly roleRef: RoleRef;
  readonly subjects?: readonly Subject[];
}

/** The Role or ClusterRole that a binding gives. */
export interface RoleRef {
  readonly apiGroup?: string;
  readonly kind: string;
  readonly name: string;
}

/** Whom a binding gives it to. */
export interface Subject {
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
}

/** The bindings of a store by those whom they name, kept up to date by its events. */
export interface BindingIndex {
  /** The bindings that name a user or a group of his: those of the cluster, then those of one namespace. */
  of(user: UserInfo, namespace: string): readonly Binding[];
}

const collections = [
  "rbac.authorization.k8s.io/clusterrolebindings",
  "rbac.authorization.k8s.io/rolebindings",
];

/** Indexes the bindings of a store. */
export function indexBindings(store: Store): BindingIndex {
  // By `namespace` (empty for the cluster), then by subject.
  const index = new Map<string, Map<string, Set<Binding>>>();
  // Those who ask again are the same object: a token and a connection are remembered together with their user.
  let byUser = new WeakMap<UserInfo, Map<string, readonly Binding[]>>();

  function change(binding: Binding, isThere: boolean): void {
    byUser = new WeakMap();
    const namespace = binding.metadata.namespace ?? "";
    const bySubject = index.get(namespace) ?? new Map<string, Set<Binding>>();
    index.set(namespace, bySubject);
    for (const subject of binding.subjects ?? []) {
      const key = subjectKey(subject, namespace);
      const bindings = bySubject.get(key) ?? new Set();
      if (isThere) bySubject.set(key, bindings.add(binding));
      else if (bindings.delete(binding) && bindings.size === 0) bySubject.delete(key);
    }
    if (bySubject.size === 0) index.delete(namespace);
  }

  function follow({ type, before, after }: StoreEvent): void {
    if (before !== undefined) change(before.object as Binding, false);
    if (type !== "DELETED") change(after.object as Binding, true);
  }

  for (const collection of collections) {
    for (const { object } of store.list(collection)) change(object as Binding, true);
    store.watch(collection, store.revision, follow);
  }

  function find(user: UserInfo, namespace: string): Binding[] {
    const found: Binding[] = [];
    for (const place of namespace === "" ? [""] : ["", namespace]) {
      const bySubject = index.get(place);
      if (bySubject === undefined) continue;
      // Who is named twice, by name and by group, has it once.
      const own = new Set(bySubject.get(`User ${user.username}`));
      for (const group of user.groups)
        for (const binding of bySubject.get(`Group ${group}`) ?? []) own.add(binding);
      found.push(...own);
    }
    return found;
  }

  return {
    of(user, namespace) {
      const known = byUser.get(user);
      const found = known?.get(namespace) ?? find(user, namespace);
      if (known === undefined) byUser.set(user, new Map([[namespace, found]]));
      else if (known.size < mostNamespaces) known.set(namespace, found);
      return found;
    },
  };
}

/** For so many namespaces the bindings of a user are remembered. */
const mostNamespaces = 1000;

/** Whether a subject is this user, or a group of his. */
export function isSubject(subject: Subject, user: UserInfo, bindingNamespace: string): boolean {
  const key = subjectKey(subject, bindingNamespace);
  return key === `User ${user.username}` || user.groups.some((group) => key === `Group ${group}`);
}

/** A ServiceAccount is a user. In a RoleBinding it is of the same namespace if none is named. */
function subjectKey({ kind, name, namespace = "" }: Subject, bindingNamespace: string): string {
  if (kind !== "ServiceAccount") return `${kind} ${name}`;
  const home = namespace === "" ? bindingNamespace : namespace;
  return home === "" ? "" : `User ${userNameOf(home, name)}`;
}
