import { isForResource, type Attributes } from "./attributes.ts";

/** One rule of a Role or ClusterRole (rbac.authorization.k8s.io/v1, PolicyRule). */
export interface PolicyRule {
  readonly verbs: readonly string[];
  readonly apiGroups?: readonly string[];
  readonly resources?: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly nonResourceURLs?: readonly string[];
}

/**
 * Whether a rule allows something.
 * https://github.com/kubernetes/kubernetes/blob/master/plugin/pkg/auth/authorizer/rbac/rbac.go (RuleAllows)
 */
export function ruleAllows(rule: PolicyRule, attributes: Attributes): boolean {
  if (!includes(rule.verbs, attributes.verb)) return false;
  if (!isForResource(attributes)) return matchesPath(rule.nonResourceURLs ?? [], attributes.path);
  const { group, resource, subresource, name } = attributes;
  const { apiGroups = [], resources = [], resourceNames = [] } = rule;
  return (
    includes(apiGroups, group) &&
    matchesResource(resources, resource, subresource) &&
    (resourceNames.length === 0 || resourceNames.includes(name))
  );
}

function includes(values: readonly string[], wanted: string): boolean {
  return values.includes(wanted) || values.includes("*");
}

/** A rule may name `pods/log`, or `*\/scale` for the subresource of whatever resource. */
function matchesResource(rules: readonly string[], resource: string, subresource: string): boolean {
  if (subresource === "") return includes(rules, resource);
  return includes(rules, `${resource}/${subresource}`) || rules.includes(`*/${subresource}`);
}

/** A star stands at the end only. */
function matchesPath(rules: readonly string[], path: string): boolean {
  return rules.some((rule) => pathCovers(rule, path));
}

/** Whether the paths of one pattern are among those of another. */
export function pathCovers(pattern: string, path: string): boolean {
  return pattern === path || (pattern.endsWith("*") && path.startsWith(pattern.replace(/\*+$/, "")));
}
