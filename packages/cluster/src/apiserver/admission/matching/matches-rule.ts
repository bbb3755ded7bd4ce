import type { ServedType } from "@seaworthy/kube";
import type { AdmissionAttributes } from "../admission-request.ts";

/** A RuleWithOperations, for a policy with the names of objects, too. */
export interface AdmissionRule {
  readonly operations?: readonly string[];
  readonly apiGroups?: readonly string[];
  readonly apiVersions?: readonly string[];
  readonly resources?: readonly string[];
  readonly scope?: string;
  readonly resourceNames?: readonly string[];
}

/**
 * Whether a rule is about a request, taken as one for `type`.
 * https://github.com/kubernetes/apiserver/blob/v0.36.3/pkg/admission/plugin/webhook/predicates/rules/rules.go
 */
export function matchesRule(
  rule: AdmissionRule,
  type: ServedType,
  request: Pick<AdmissionAttributes, "operation" | "subresource" | "namespace" | "name">,
  byName: boolean,
): boolean {
  const { resourceNames = [] } = rule;
  return (
    matchesScope(rule.scope, type, request.namespace) &&
    holds(rule.operations, request.operation) &&
    holds(rule.apiGroups, type.group) &&
    holds(rule.apiVersions, type.version) &&
    (rule.resources ?? []).some((resource) => matchesResource(resource, type.plural, request.subresource)) &&
    (!byName || resourceNames.length === 0 || resourceNames.includes(request.name))
  );
}

function holds(values: readonly string[] | undefined, value: string): boolean {
  return (values ?? []).some((each) => each === "*" || each === value);
}

/** A Namespace is in no namespace. */
function matchesScope(
  scope: string | undefined,
  { group, plural }: ServedType,
  namespace: string | undefined,
): boolean {
  if (scope === undefined || scope === "*") return true;
  const isCluster = (group === "" && plural === "namespaces") || (namespace ?? "") === "";
  return (scope === "Cluster") === isCluster;
}

/** `pods`, `pods/exec`, `pods/*`, or any `scale`; a star without a slash is no subresource. */
function matchesResource(pattern: string, plural: string, subresource: string): boolean {
  const cut = pattern.indexOf("/");
  const [whole, part] = cut < 0 ? [pattern, ""] : [pattern.slice(0, cut), pattern.slice(cut + 1)];
  return (whole === "*" || whole === plural) && (part === "*" || part === subresource);
}
