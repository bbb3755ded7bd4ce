import { matchesLabelSelector, type JsonObject, type LabelSelector, type ServedType } from "@seaworthy/kube";
import type { ApiContext } from "../../api-context.ts";
import { notFound } from "../../http/status-error.ts";
import type { AdmissionRequest } from "../admission-request.ts";
import { matchesRule, type AdmissionRule } from "./matches-rule.ts";

/** Which requests a policy, its binding or a webhook is about. The rules of a webhook are its `resourceRules`. */
export interface RequestChoice {
  readonly resourceRules?: readonly AdmissionRule[];
  readonly excludeResourceRules?: readonly AdmissionRule[];
  readonly matchPolicy?: string;
  readonly namespaceSelector?: LabelSelector;
  readonly objectSelector?: LabelSelector;
}

/**
 * The type by which a request was chosen: its own, or another version of it that the rules name; undefined when it was
 * not. Without rules every request is.
 * https://github.com/kubernetes/apiserver/blob/v0.36.3/pkg/admission/plugin/policy/matching/matching.go
 */
export function matchRequest(
  context: ApiContext,
  choice: RequestChoice,
  request: AdmissionRequest,
): ServedType | undefined {
  const { resourceRules = [], excludeResourceRules = [], objectSelector } = choice;
  if (!matchesObject(objectSelector, request)) return undefined;
  const { matchPolicy } = choice;
  if (typeByRules(excludeResourceRules, matchPolicy, request) !== undefined) return undefined;
  const type =
    resourceRules.length === 0 ? request.resource.type : typeByRules(resourceRules, matchPolicy, request);
  // Last, because a namespace that is not there refuses what would have been chosen.
  if (type === undefined || !matchesNamespace(context, choice.namespaceSelector, request)) return undefined;
  return type;
}

/** Whether some rules choose requests of this sort at all: what can be said before the object is known. */
export function mayMatch(
  { resourceRules = [], matchPolicy }: Pick<RequestChoice, "resourceRules" | "matchPolicy">,
  request: Omit<AdmissionRequest, "object" | "oldObject" | "warnings">,
): boolean {
  return resourceRules.length === 0 || typeByRules(resourceRules, matchPolicy, request, false) !== undefined;
}

function typeByRules(
  rules: readonly AdmissionRule[],
  matchPolicy: string | undefined,
  request: Omit<AdmissionRequest, "object" | "oldObject" | "warnings">,
  byName = true,
): ServedType | undefined {
  const matches = (type: ServedType) => rules.some((rule) => matchesRule(rule, type, request, byName));
  const { type, typeIn } = request.resource;
  if (rules.length === 0) return undefined;
  if (matches(type)) return type;
  if (matchPolicy === "Exact") return undefined;
  for (const version of type.versions) {
    const other = typeIn(type.group === "" ? version : `${type.group}/${version}`);
    if (other !== undefined && other.version !== type.version && matches(other)) return other;
  }
  return undefined;
}

/** Objects without labels match an empty selector only, and what is no object does not match any other. */
function matchesObject(
  selector: LabelSelector | undefined,
  { object, oldObject }: AdmissionRequest,
): boolean {
  if (selector === undefined || isEmpty(selector)) return true;
  return [object, oldObject].some(
    (each) => each !== undefined && matchesLabelSelector(selector, labelsOf(each)),
  );
}

/** Namespaces are chosen by their own labels, and objects that are in none are always chosen. */
function matchesNamespace(
  context: ApiContext,
  selector: LabelSelector | undefined,
  request: AdmissionRequest,
): boolean {
  if (selector === undefined || isEmpty(selector)) return true;
  const { resource, subresource, operation, object } = request;
  const isNamespace = resource.type.plural === "namespaces" && resource.type.group === "";
  const name = isNamespace ? request.name : (request.namespace ?? "");
  if (name === "" && !isNamespace) return true;
  if (isNamespace && subresource === "" && operation !== "DELETE")
    return matchesLabelSelector(selector, object === undefined ? undefined : labelsOf(object));
  const stored = context.store.get("/namespaces", name);
  if (stored === undefined) throw notFound({ group: "", plural: "namespaces", kind: "Namespace" }, name);
  return matchesLabelSelector(selector, stored.object.metadata.labels);
}

function isEmpty({ matchLabels = {}, matchExpressions = [] }: LabelSelector): boolean {
  return Object.keys(matchLabels).length === 0 && matchExpressions.length === 0;
}

function labelsOf(object: JsonObject): Readonly<Record<string, string>> | undefined {
  const { labels } = (object["metadata"] ?? {}) as { labels?: Readonly<Record<string, string>> };
  return labels;
}
