import type { FrontRule } from "./front-rule.ts";
import { appPathOf } from "./request-path.ts";

/** Whether a path of the rule's host is this rule's, and not that of one which says more: exact, or longer. */
export function leadsHere(rule: FrontRule, path: string, rules: readonly FrontRule[]): boolean {
  const rank = ({ pathType, pattern }: FrontRule) => (pathType === "Exact" ? 10_000 : 0) + pattern.length;
  return rules
    .filter((each) => each.host === rule.host && appPathOf(each, path) !== undefined)
    .every((each) => rank(each) <= rank(rule));
}
