import { pathCovers, type PolicyRule } from "./policy-rule.ts";

/**
 * What rules allow that others do not, each with one verb and one resource.
 * https://github.com/kubernetes/component-helpers/blob/master/auth/rbac/validation/policy_comparator.go (Covers)
 */
export function uncoveredRules(owned: readonly PolicyRule[], wanted: readonly PolicyRule[]): PolicyRule[] {
  return wanted.flatMap(breakDown).filter((small) => !owned.some((rule) => covers(rule, small)));
}

/**
 * The rules in few lines, as the API server tells them of somebody who grants what he does not have: those that differ
 * in their verbs only are told as one.
 */
export function describeRules(rules: readonly PolicyRule[]): string {
  const byRest = Map.groupBy(rules, ({ verbs, ...rest }) =>
    // Rules for paths are not joined.
    rest.nonResourceURLs === undefined ? JSON.stringify(rest) : JSON.stringify({ verbs, ...rest }),
  );
  const lines = [...byRest.values()].map((same) =>
    describe({ ...same[0]!, verbs: same.flatMap(({ verbs }) => verbs) }),
  );
  return [...new Set(lines)].sort().join("\n");
}

/** A list of texts as Go's `%q` writes it. */
export function quoteList(texts: readonly string[]): string {
  return `[${texts.map((text) => JSON.stringify(text)).join(" ")}]`;
}

function describe({ apiGroups, resources, nonResourceURLs, resourceNames, verbs }: PolicyRule): string {
  const parts = Object.entries({
    APIGroups: apiGroups,
    Resources: resources,
    NonResourceURLs: nonResourceURLs,
    ResourceNames: resourceNames,
    Verbs: verbs,
  });
  const told = parts.flatMap(([name, texts = []]) =>
    texts.length === 0 ? [] : [`${name}:${quoteList(texts)}`],
  );
  return `{${told.join(", ")}}`;
}

function breakDown({
  verbs,
  apiGroups = [],
  resources = [],
  resourceNames = [],
  nonResourceURLs = [],
}: PolicyRule): PolicyRule[] {
  const small: PolicyRule[] = [];
  for (const group of apiGroups) {
    for (const resource of resources) {
      for (const verb of verbs) {
        const rule = { apiGroups: [group], resources: [resource], verbs: [verb] };
        if (resourceNames.length === 0) small.push(rule);
        for (const name of resourceNames) small.push({ ...rule, resourceNames: [name] });
      }
    }
  }
  for (const url of nonResourceURLs)
    for (const verb of verbs) small.push({ nonResourceURLs: [url], verbs: [verb] });
  return small;
}

/** Whether a rule covers one that was broken down. */
function covers(owned: PolicyRule, small: PolicyRule): boolean {
  const { apiGroups = [], resources = [], resourceNames = [], nonResourceURLs = [] } = owned;
  return (
    hasAll(owned.verbs, small.verbs) &&
    hasAll(apiGroups, small.apiGroups) &&
    (small.resources ?? []).every((resource) => coversResource(resources, resource)) &&
    (small.nonResourceURLs ?? []).every((url) =>
      nonResourceURLs.some((pattern) => pathCovers(pattern, url)),
    ) &&
    (resourceNames.length === 0 ||
      (small.resourceNames !== undefined &&
        small.resourceNames.every((name) => resourceNames.includes(name))))
  );
}

function hasAll(owned: readonly string[], wanted: readonly string[] = []): boolean {
  return owned.includes("*") || wanted.every((each) => owned.includes(each));
}

function coversResource(owned: readonly string[], resource: string): boolean {
  if (owned.includes("*") || owned.includes(resource)) return true;
  const slash = resource.indexOf("/");
  return slash >= 0 && owned.includes(`*${resource.slice(slash)}`);
}
