import type { KubeObject } from "@seaworthy/kube";
import type { UserInfo } from "@seaworthy/client";
import type { Store } from "../store/store.ts";
import type { Attributes } from "./attributes.ts";
import { isForResource } from "./attributes.ts";
import { indexBindings, isSubject, type Binding, type RoleRef } from "./binding-index.ts";
import type { PolicyRule } from "./policy-rule.ts";
import { rulesAllow } from "./rule-index.ts";

/** Whether something is allowed, and why, in the words of Kubernetes; empty when there is nothing to say. */
export interface Decision {
  readonly allowed: boolean;
  readonly reason: string;
}

/** Says who may do what. Without a user it is a program of this process, which may do everything. */
export interface Authorizer {
  authorize(user: UserInfo | undefined, attributes: Attributes): Decision;
  /** All rules that a user has in a namespace (the empty one: everywhere), and what could not be found out. */
  rulesFor(
    user: UserInfo,
    namespace: string,
  ): { readonly rules: readonly PolicyRule[]; readonly errors: readonly string[] };
  /** The rules of a role, as a binding in `namespace` means it; undefined when there is none. */
  rulesOfRole(role: RoleRef, namespace: string): readonly PolicyRule[] | undefined;
}

/** Whoever is in it may do everything, whatever the roles say. */
export const privilegedGroup = "system:masters";

/** Whether somebody may do everything. */
export function isPrivileged(user: UserInfo | undefined): boolean {
  return user === undefined || user.groups.includes(privilegedGroup);
}

/**
 * Role-based access control over the roles and bindings of a store.
 * https://github.com/kubernetes/kubernetes/blob/master/pkg/registry/rbac/validation/rule.go (VisitRulesFor)
 */
export function createAuthorizer(store: Store): Authorizer {
  const bindings = indexBindings(store);

  function rulesOfRole({ kind, name }: RoleRef, namespace: string): readonly PolicyRule[] | undefined {
    const stored =
      kind === "ClusterRole"
        ? store.get("rbac.authorization.k8s.io/clusterroles", name)
        : store.get("rbac.authorization.k8s.io/roles", `${namespace}/${name}`);
    return stored === undefined ? undefined : ((stored.object as Role).rules ?? []);
  }

  return {
    rulesOfRole,
    authorize(user, attributes) {
      if (user === undefined || isPrivileged(user)) return { allowed: true, reason: "" };
      const errors: string[] = [];
      for (const binding of bindings.of(user, isForResource(attributes) ? attributes.namespace : "")) {
        const rules = rulesOfRole(binding.roleRef, binding.metadata.namespace ?? "");
        if (rules === undefined) errors.push(missingRole(binding.roleRef));
        else if (rulesAllow(rules, attributes))
          return {
            allowed: true,
            // Few ask for it.
            get reason() {
              return `RBAC: allowed by ${describe(binding, user)}`;
            },
          };
      }
      return { allowed: false, reason: errors.length === 0 ? "" : `RBAC: ${joinErrors(errors)}` };
    },
    rulesFor(user, namespace) {
      const rules: PolicyRule[] = [];
      const errors: string[] = [];
      for (const { roleRef, metadata } of bindings.of(user, namespace)) {
        const found = rulesOfRole(roleRef, metadata.namespace ?? "");
        if (found === undefined) errors.push(missingRole(roleRef));
        else rules.push(...found);
      }
      return { rules, errors };
    },
  };
}

/** What cluster-admin has. */
export const everything: readonly PolicyRule[] = [
  { verbs: ["*"], apiGroups: ["*"], resources: ["*"] },
  { verbs: ["*"], nonResourceURLs: ["*"] },
];

interface Role extends KubeObject {
  readonly rules?: readonly PolicyRule[];
}

/** Several errors as Go joins them: each once. */
export function joinErrors(errors: readonly string[]): string {
  const different = [...new Set(errors)];
  return different.length === 1 ? different[0]! : `[${different.join(", ")}]`;
}

function missingRole({ kind, name }: RoleRef): string {
  return `${kind.toLowerCase()}.rbac.authorization.k8s.io ${JSON.stringify(name)} not found`;
}

function describe({ kind, metadata, roleRef, subjects = [] }: Binding, user: UserInfo): string {
  const { name, namespace = "" } = metadata;
  const subject = subjects.find((each) => isSubject(each, user, namespace));
  const subjectName =
    subject?.kind === "ServiceAccount"
      ? `${subject.name}/${(subject.namespace ?? "") === "" ? namespace : subject.namespace}`
      : subject?.name;
  const binding = namespace === "" ? name : `${name}/${namespace}`;
  const quote = JSON.stringify;
  return `${kind} ${quote(binding)} of ${roleRef.kind} ${quote(roleRef.name)} to ${subject?.kind} ${quote(subjectName)}`;
}
