import { isForResource, type Attributes } from "./attributes.ts";
import { ruleAllows, type PolicyRule } from "./policy-rule.ts";

/** The rules of one role by the resources that they name, so that a request is held against few of them. */
interface RuleIndex {
  readonly byResource: ReadonlyMap<string, readonly PolicyRule[]>;
  readonly forPaths: readonly PolicyRule[];
}

// A role is never changed: a write makes a new one, with rules of its own.
const indexes = new WeakMap<readonly PolicyRule[], RuleIndex>();

/** Whether one of a role's rules allows something. */
export function rulesAllow(rules: readonly PolicyRule[], attributes: Attributes): boolean {
  const index = indexes.get(rules) ?? indexRules(rules);
  const allows = (rule: PolicyRule) => ruleAllows(rule, attributes);
  if (!isForResource(attributes)) return index.forPaths.some(allows);
  const { resource, subresource } = attributes;
  const named = (name: string) => index.byResource.get(name)?.some(allows) === true;
  if (subresource === "") return named(resource) || named("*");
  return named(`${resource}/${subresource}`) || named("*") || named(`*/${subresource}`);
}

function indexRules(rules: readonly PolicyRule[]): RuleIndex {
  const byResource = new Map<string, PolicyRule[]>();
  for (const rule of rules) {
    for (const resource of new Set(rule.resources)) {
      const known = byResource.get(resource);
      if (known === undefined) byResource.set(resource, [rule]);
      else known.push(rule);
    }
  }
  const forPaths = rules.filter(({ nonResourceURLs = [] }) => nonResourceURLs.length > 0);
  const index = { byResource, forPaths };
  indexes.set(rules, index);
  return index;
}
