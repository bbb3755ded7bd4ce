import type {
  FlowcontrolV1Subject,
  V1FlowSchema,
  V1NonResourcePolicyRule,
  V1PolicyRulesWithSubjects,
  V1ResourcePolicyRule,
} from "@kubernetes/client-node";
import { inGo } from "../../../go/in-go.ts";
import type { KubeObject, Unchecked } from "../../../object.ts";
import {
  forbiddenValue,
  invalidBecause,
  invalidValue,
  requiredValue,
  unsupportedValue,
  type FieldErrors,
} from "../../field-error.ts";
import { dns1123Label, dns1123Subdomain } from "../../meta/names.ts";
import { coreObjectMetaErrors } from "../../meta/object-meta-errors.ts";

const methods = ["ByNamespace", "ByUser"];
const largestPrecedence = 10_000;

/** What is wrong with a FlowSchema, new or changed. */
export function* flowSchemaErrors(object: KubeObject): FieldErrors {
  const { spec = {} } = object as Unchecked<V1FlowSchema>;
  // One that is not set is 1000 by default.
  const { matchingPrecedence: precedence = 1000, distinguisherMethod, rules = [] } = spec;
  yield* coreObjectMetaErrors(object);
  const at = "spec.matchingPrecedence";
  if (precedence <= 0) yield invalidValue(at, precedence, "must be a positive value");
  if (precedence > largestPrecedence)
    yield invalidValue(at, precedence, `must not be greater than ${largestPrecedence}`);
  if (precedence === 1 && object.metadata.name !== "exempt")
    yield invalidValue(at, precedence, "only the schema named 'exempt' may have matchingPrecedence 1");
  if (distinguisherMethod !== undefined && !methods.includes(distinguisherMethod.type ?? ""))
    yield unsupportedValue(
      "spec.distinguisherMethod.type",
      inGo("flowcontrol.FlowDistinguisherMethod", distinguisherMethod),
      methods,
    );
  const level = spec.priorityLevelConfiguration?.name ?? "";
  if (level === "")
    yield requiredValue("spec.priorityLevelConfiguration.name", "must reference a priority level");
  else yield* invalidBecause("spec.priorityLevelConfiguration.name", level, dns1123Subdomain(level));
  for (const [index, rule] of rules.entries()) yield* ruleErrors(`spec.rules[${index}]`, rule);
}

function* ruleErrors(field: string, rule: Unchecked<V1PolicyRulesWithSubjects>): FieldErrors {
  const { subjects = [], resourceRules = [], nonResourceRules = [] } = rule;
  for (const [index, subject] of subjects.entries())
    yield* subjectErrors(`${field}.subjects[${index}]`, subject);
  if (subjects.length === 0)
    yield requiredValue(`${field}.subjects`, "subjects must contain at least one value");
  if (resourceRules.length + nonResourceRules.length === 0)
    yield requiredValue(field, "at least one of resourceRules and nonResourceRules has to be non-empty");
  for (const [index, one] of resourceRules.entries())
    yield* resourceRuleErrors(`${field}.resourceRules[${index}]`, one);
  for (const [index, one] of nonResourceRules.entries())
    yield* pathRuleErrors(`${field}.nonResourceRules[${index}]`, one);
}

/** Each kind of subject has a field of its own, and may have no other. */
const subjectFields = { ServiceAccount: "serviceAccount", User: "user", Group: "group" } as const;

function* subjectErrors(field: string, subject: Unchecked<FlowcontrolV1Subject>): FieldErrors {
  const { kind = "" } = subject;
  if (!Object.hasOwn(subjectFields, kind))
    return yield unsupportedValue(`${field}.kind`, kind, ["Group", "ServiceAccount", "User"]);
  const own = subjectFields[kind as keyof typeof subjectFields];
  const named = subject[own];
  const at = `${field}.${own}`;
  if (named === undefined) yield requiredValue(at, `${own} is required when subject kind is '${kind}'`);
  else if (own === "serviceAccount") yield* accountErrors(at, subject.serviceAccount ?? {});
  else if ((named.name ?? "") === "") yield requiredValue(`${at}.name`);
  for (const [otherKind, other] of [
    ["ServiceAccount", "serviceAccount"],
    ["User", "user"],
    ["Group", "group"],
  ] as const) {
    if (other !== own && subject[other] !== undefined)
      yield forbiddenValue(
        `${field}.${other}`,
        `${other} is forbidden when subject kind is not '${otherKind}'`,
      );
  }
}

function* accountErrors(
  field: string,
  { name = "", namespace = "" }: { readonly name?: string; readonly namespace?: string },
): FieldErrors {
  if (name === "") yield requiredValue(`${field}.name`);
  else if (name !== "*") yield* invalidBecause(`${field}.name`, name, dns1123Subdomain(name));
  if (namespace === "")
    yield requiredValue(`${field}.namespace`, "must specify namespace for service account");
  else yield* invalidBecause(`${field}.namespace`, namespace, dns1123Label(namespace));
}

const verbs = ["create", "delete", "deletecollection", "get", "list", "patch", "proxy", "update", "watch"];

function* verbErrors(field: string, asked: readonly string[]): FieldErrors {
  if (asked.length === 0) yield requiredValue(field, "verbs must contain at least one value");
  else if (asked.includes("*")) yield* starErrors(field, asked, "verbs");
  else if (!asked.every((verb) => verbs.includes(verb))) yield unsupportedValue(field, asked, verbs);
}

function* starErrors(field: string, values: readonly string[], what: string): FieldErrors {
  if (values.length > 1 && values.includes("*"))
    yield invalidValue(field, values, `if '*' is present, must not specify other ${what}`);
}

function* resourceRuleErrors(field: string, rule: Unchecked<V1ResourcePolicyRule>): FieldErrors {
  const { apiGroups = [], resources = [], namespaces = [] } = rule;
  yield* verbErrors(`${field}.verbs`, rule.verbs ?? []);
  if (apiGroups.length === 0)
    yield requiredValue(`${field}.apiGroups`, "resource rules must supply at least one api group");
  yield* starErrors(`${field}.apiGroups`, apiGroups, "api groups");
  if (resources.length === 0)
    yield requiredValue(`${field}.resources`, "resource rules must supply at least one resource");
  yield* starErrors(`${field}.resources`, resources, "resources");
  const at = `${field}.namespaces`;
  if (namespaces.length === 0 && rule.clusterScope !== true)
    yield requiredValue(at, "resource rules that are not cluster scoped must supply at least one namespace");
  if (namespaces.includes("*")) return yield* starErrors(at, namespaces, "namespaces");
  for (const [index, namespace] of namespaces.entries())
    for (const reason of dns1123Label(namespace))
      yield invalidValue(
        `${at}[${index}]`,
        namespace,
        `each member of this list must be '*' or a DNS-1123 label; ${reason}`,
      );
}

function* pathRuleErrors(field: string, rule: Unchecked<V1NonResourcePolicyRule>): FieldErrors {
  const { nonResourceURLs: paths = [] } = rule;
  const at = `${field}.nonResourceURLs`;
  yield* verbErrors(`${field}.verbs`, rule.verbs ?? []);
  if (paths.length === 0) yield requiredValue(at, "nonResourceURLs must contain at least one value");
  if (paths.includes("*")) return yield* starErrors(at, paths, "non-resource URLs");
  for (const [index, path] of paths.entries()) {
    const reason = pathProblem(path);
    if (reason !== undefined) yield invalidValue(`${at}[${index}]`, path, reason);
  }
}

function pathProblem(path: string): string | undefined {
  if (path === "") return "must not be empty";
  if (path === "/") return undefined;
  if (!path.startsWith("/")) return "must start with slash";
  if (path.includes(" ")) return "must not contain white-space";
  if (path.includes("//")) return "must not contain double slash";
  const stars = path.split("*").length - 1;
  return stars > 1 || (stars === 1 && !path.endsWith("/*"))
    ? "wildcard can only do suffix matching"
    : undefined;
}
