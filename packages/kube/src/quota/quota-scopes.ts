import type { KubeObject, ResourceQuota } from "../object.ts";
import { matchesLabelSelector } from "../selectors/matches-label-selector.ts";
import type { QuotaRules } from "./quota-rules.ts";

/** One scope of a quota. */
export interface ScopeRequirement {
  readonly scopeName: string;
  readonly operator: string;
  readonly values?: readonly string[];
}

/** Whether an object is in all scopes of a quota. One without scopes is for all objects. */
export function isInScopes({ spec }: ResourceQuota, rules: QuotaRules, object: KubeObject): boolean {
  const named = (spec?.scopes ?? []).map((scopeName) => ({ scopeName, operator: "Exists" }));
  const scopes: readonly ScopeRequirement[] = [...named, ...(spec?.scopeSelector?.matchExpressions ?? [])];
  return scopes.every((scope) => rules.isInScope?.(object, scope) === true);
}

/** Whether one of the classes that an object names, or that it names none, is what a scope asks for. */
export function matchesClass(scope: ScopeRequirement, classes: readonly string[]): boolean {
  const { scopeName: key, operator, values = [] } = scope;
  const selector = { matchExpressions: [{ key, operator, values: [...values] }] };
  if (classes.length === 0) return matchesLabelSelector(selector, undefined);
  return classes.some((name) => matchesLabelSelector(selector, { [key]: name }));
}
