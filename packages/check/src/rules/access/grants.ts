import type { FieldPath } from "@seaworthy/kube";
import type { ManifestOf, ObjectSet } from "../../objects/object-set.ts";
import { rolesOf, type PolicyRule, type RoleObject } from "../../objects/role-bindings.ts";

/** One permission that a role grants. */
export interface Grant {
  readonly manifest: ManifestOf<RoleObject>;
  readonly rule: PolicyRule;
  readonly path: FieldPath;
}

/** What all roles grant, without Kubernetes' own and those that are put together from others. */
export function* grantsOf(set: ObjectSet): Generator<Grant> {
  for (const manifest of rolesOf(set)) {
    const { metadata, rules, aggregationRule } = manifest.object;
    if (metadata.labels?.["kubernetes.io/bootstrapping"] === "rbac-defaults" || aggregationRule) continue;
    for (const [index, rule] of (rules ?? []).entries()) yield { manifest, rule, path: ["rules", index] };
  }
}

/**
 * Where a grant names a resource: the index in its list, or undefined. `*` is left to the rule wildcard-role.
 * https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/apis/rbac/v1/evaluation_helpers.go
 */
export function grantedResource(
  { rule }: Grant,
  group: string,
  resource: string,
  verbs: readonly string[],
): number | undefined {
  if (![group, "*"].some((each) => rule.apiGroups?.includes(each))) return undefined;
  if (![...verbs, "*"].some((each) => rule.verbs?.includes(each))) return undefined;
  const index = (rule.resources ?? []).indexOf(resource);
  return index === -1 ? undefined : index;
}
