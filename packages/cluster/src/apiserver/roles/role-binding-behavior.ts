import type { ApiContext } from "../api-context.ts";
import { resourceAttributes } from "../authorization/attributes.ts";
import type { Binding } from "../authorization/binding-index.ts";
import { notFound, type NamedType } from "../http/status-error.ts";
import type { Behavior } from "../resource.ts";
import { changesOwnersOnly, confirmNoEscalation } from "./confirm-no-escalation.ts";

/** RoleBindings: nobody gives away what he does not have himself, unless he has the verb `bind` for the role. */
export const roleBindingBehavior = behavior({ plural: "rolebindings", kind: "RoleBinding" });
/** ClusterRoleBindings: the same. */
export const clusterRoleBindingBehavior = behavior({
  plural: "clusterrolebindings",
  kind: "ClusterRoleBinding",
});

function behavior(named: Omit<NamedType, "group">): Behavior {
  const type: NamedType = { group: "rbac.authorization.k8s.io", ...named };

  function check(draft: Binding, context: ApiContext): void {
    const { authorizer, user } = context;
    const { roleRef, metadata } = draft;
    const namespace = metadata.namespace ?? "";
    const resource = `${(roleRef?.kind ?? "").toLowerCase()}s`;
    const bind = {
      verb: "bind",
      group: roleRef?.apiGroup ?? "",
      resource,
      namespace,
      name: roleRef?.name ?? "",
    };
    if (authorizer.authorize(user, resourceAttributes(bind)).allowed) return;
    const rules = authorizer.rulesOfRole(roleRef, namespace);
    // It is the role that is not there, but this is how Kubernetes says it.
    if (rules === undefined) throw notFound(type, roleRef.name);
    confirmNoEscalation(context, type, draft, rules);
  }

  return {
    prepareCreate(draft, context) {
      check(draft as Binding, context);
      return [];
    },
    prepareUpdate(draft, old, context) {
      if (!changesOwnersOnly(draft, old)) check(draft as Binding, context);
      return [];
    },
  };
}
