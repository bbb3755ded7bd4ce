import { deepEqual, type KubeObject } from "@seaworthy/kube";
import type { ApiContext } from "../api-context.ts";
import { isPrivileged } from "../authorization/authorizer.ts";
import { describeRules, quoteList, uncoveredRules } from "../authorization/covers.ts";
import type { PolicyRule } from "../authorization/policy-rule.ts";
import { forbidden, type NamedType } from "../http/status-error.ts";

/**
 * Throws 403 when somebody gives rights that he does not have himself; `why` takes the place of their list.
 * https://github.com/kubernetes/kubernetes/blob/master/pkg/registry/rbac/validation/rule.go (ConfirmNoEscalation)
 */
export function confirmNoEscalation(
  { authorizer, user }: Pick<ApiContext, "authorizer" | "user">,
  type: NamedType,
  { metadata }: KubeObject,
  rules: readonly PolicyRule[],
  why?: string,
): void {
  if (user === undefined || isPrivileged(user)) return;
  const owned = authorizer.rulesFor(user, metadata.namespace ?? "");
  const missing = uncoveredRules(owned.rules, rules);
  if (missing.length === 0) return;
  const who = `user ${JSON.stringify(user.username)} (groups=${quoteList(user.groups)})`;
  const errors = owned.errors.length === 0 ? "" : `; resolution errors: [${owned.errors.join(" ")}]`;
  const text = `${who} is attempting to grant RBAC permissions not currently held:\n${describeRules(missing)}${errors}`;
  throw forbidden(type, metadata.name, why ?? text);
}

/** Whether a change is what the garbage collector does: it gives nobody anything. */
export function changesOwnersOnly(draft: KubeObject, old: KubeObject): boolean {
  const without = ({ metadata, ...rest }: KubeObject) => {
    const { ownerReferences: _owners, finalizers: _finalizers, managedFields: _fields, ...kept } = metadata;
    return { ...rest, metadata: kept };
  };
  return deepEqual(without(draft), without(old));
}
