import type { KubeObject } from "@seaworthy/kube";
import type { ApiContext } from "../api-context.ts";
import { resourceAttributes } from "../authorization/attributes.ts";
import { everything } from "../authorization/authorizer.ts";
import type { PolicyRule } from "../authorization/policy-rule.ts";
import type { NamedType } from "../http/status-error.ts";
import type { Behavior } from "../resource.ts";
import { changesOwnersOnly, confirmNoEscalation } from "./confirm-no-escalation.ts";

interface Role extends KubeObject {
  readonly rules?: readonly PolicyRule[];
  readonly aggregationRule?: { readonly clusterRoleSelectors?: readonly unknown[] };
}

/** Roles: nobody writes into one what he may not do himself, unless he has the verb `escalate`. */
export const roleBehavior = behavior("roles");
/** ClusterRoles: the same, and only who may do everything has others gathered into one. */
export const clusterRoleBehavior = behavior("clusterroles");

function behavior(plural: "roles" | "clusterroles"): Behavior {
  const group = "rbac.authorization.k8s.io";
  const type: NamedType = { group, plural, kind: plural === "roles" ? "Role" : "ClusterRole" };

  function check(draft: Role, old: Role | undefined, context: ApiContext): void {
    const { name, namespace = "" } = draft.metadata;
    // A creation names no object, so a right to escalate one of them does not count.
    const escalate = {
      verb: "escalate",
      group,
      resource: plural,
      namespace,
      name: old === undefined ? "" : name,
    };
    if (context.authorizer.authorize(context.user, resourceAttributes(escalate)).allowed) return;
    confirmNoEscalation(context, type, draft, draft.rules ?? []);
    if (gathers(draft) || (old !== undefined && gathers(old))) {
      const why = "must have cluster-admin privileges to use the aggregationRule";
      confirmNoEscalation(context, type, draft, everything, why);
    }
  }

  return {
    prepareCreate(draft, context) {
      check(draft, undefined, context);
      return [];
    },
    prepareUpdate(draft, old, context) {
      if (!changesOwnersOnly(draft, old)) check(draft, old, context);
      return [];
    },
  };
}

function gathers({ aggregationRule }: Role): boolean {
  return (aggregationRule?.clusterRoleSelectors ?? []).length > 0;
}
