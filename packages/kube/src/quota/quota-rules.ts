import type { Kind } from "../kinds/kind.ts";
import type { KubeObject } from "../object.ts";
import type { ResourceList } from "./resource-list.ts";
import type { ScopeRequirement } from "./quota-scopes.ts";

/**
 * How the objects of a kind count for ResourceQuotas.
 * https://github.com/kubernetes/apiserver/blob/v0.36.3/pkg/quota/v1/interfaces.go (Evaluator)
 */
export interface QuotaRules {
  /** Whether objects of the kind use up what a quota names so. */
  tracks(resource: string): boolean;
  /** What one object uses up. */
  usage(object: KubeObject, nowMs: number): ResourceList;
  /** Whether an object is in a scope; absent for kinds that are in none. */
  isInScope?(object: KubeObject, scope: ScopeRequirement): boolean;
  /** What an object has to say when a quota names these resources, and does not: `must specify cpu for: web`. */
  lacks?(object: KubeObject, resources: readonly string[]): string | undefined;
  /** Whether a change of an object is held against quotas; none is when absent. */
  checksUpdate?(object: KubeObject, old: KubeObject): boolean;
  /** Whether a change of an object may free something; none does when absent. */
  frees?(object: KubeObject, old: KubeObject, nowMs: number): boolean;
}

/** The rules of a kind. Objects of most kinds count by their number alone. */
export function quotaRulesOf(kind: Kind): QuotaRules {
  return kind.quotaRules ?? countRules(countName(kind));
}

/** Rules by which each object counts one, for a quota that names any of these. */
export function countRules(...names: string[]): QuotaRules {
  const one = Object.fromEntries(names.map((name) => [name, "1"]));
  return { tracks: (resource) => names.includes(resource), usage: () => one };
}

/** Rules of a kind whose objects no quota counts. */
export const uncounted: QuotaRules = { tracks: () => false, usage: () => ({}) };

/** The name by which a quota counts the objects of any kind: `count/deployments.apps`. */
function countName({ group, plural }: Kind): string {
  return group === "" ? `count/${plural}` : `count/${plural}.${group}`;
}
