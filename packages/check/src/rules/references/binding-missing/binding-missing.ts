import { formatObjectName, nearestName, type KubeObject, type Manifest } from "@seaworthy/kube";
import { inNamespace } from "../../../objects/in-namespace.ts";
import { mayMeet, type ObjectSet } from "../../../objects/object-set.ts";
import { isUnreadable } from "../../../objects/references/unreadable.ts";
import { bindingsOf, rbacGroup } from "../../../objects/role-bindings.ts";
import type { Finding, Rule } from "../../../rule.ts";

/** A binding to a role, or of an account, that is not there. */
export const bindingMissing: Rule = {
  id: "binding-missing",
  severity: "warning",
  title: "a binding names a role or a ServiceAccount that is not there",
  why: `The binding is made without a complaint and grants nothing. The pod runs, and each of its requests to the API is refused with 403,
which many controllers only write into their log.`,
  mend: "Correct the name, or add the role or the ServiceAccount. The role of a binding cannot be changed: the binding must be made anew.",
  sources: [
    "https://kubernetes.io/docs/reference/access-authn-authz/rbac/#rolebinding-and-clusterrolebinding",
  ],
  profile: "default",
  *check(set) {
    for (const manifest of bindingsOf(set)) {
      const { object } = manifest;
      // Kubernetes and operators bring many ClusterRoles, and few Roles.
      if (object.roleRef?.kind === "Role")
        yield* missing(manifest, object, ["roleRef", "name"], "Role", object.roleRef.name, set);
      for (const [index, { kind, name, namespace }] of (object.subjects ?? []).entries())
        if (kind === "ServiceAccount" && name !== "default")
          yield* missing(
            manifest,
            inNamespace(object, namespace),
            ["subjects", index, "name"],
            kind,
            name,
            set,
          );
    }
  },
};

function* missing(
  manifest: Manifest,
  near: KubeObject,
  path: Finding["path"],
  kind: string,
  name: string,
  set: ObjectSet,
): Generator<Finding> {
  const group = kind === "Role" ? rbacGroup : "";
  if (set.beside(near, kind, name, group) !== undefined) return;
  const others = set.of(kind, group).filter(({ object }) => mayMeet(object, near));
  const names = others.map(({ object }) => object.metadata.name);
  if (names.length === 0 || names.includes(name) || isUnreadable(set, near, kind, name)) return;
  const meant = nearestName(name, names);
  yield {
    manifest,
    path,
    message: `${formatObjectName(manifest.object)} names ${kind} ${name}, which is not in ${set.home}`,
    label: meant === undefined ? `there is no such ${kind}` : `did you mean ${meant}?`,
    seen: [`${kind}s that are there: ${names.slice(0, 6).join(", ")}`],
    next: [meant === undefined ? `add ${kind} ${name}` : `name: ${meant}`],
    ...(meant === undefined
      ? {}
      : { fix: { isSafe: false, edits: [{ manifest, path, op: "set", value: meant }] } }),
  };
}
