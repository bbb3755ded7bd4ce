import type { Job } from "@seaworthy/kube";
import { countIndexes, countShared, parseIndexes, type IndexRanges } from "./index-ranges.ts";

/**
 * Why enough indexes have succeeded for the policy of their Job; undefined when they have not.
 * https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/controller/job/success_policy.go
 */
export function successByPolicy({ spec }: Job, succeeded: IndexRanges): string | undefined {
  if (succeeded.length === 0) return undefined;
  const rules = spec.successPolicy?.rules ?? [];
  const met = rules.findIndex(({ succeededIndexes, succeededCount }) => {
    if (succeededIndexes === undefined)
      return succeededCount !== undefined && countIndexes(succeeded) >= succeededCount;
    const required = parseIndexes(succeededIndexes, spec.completions ?? 0);
    if (required.length === 0) return false;
    const shared = countShared(required, succeeded);
    return shared === countIndexes(required) || (succeededCount !== undefined && shared >= succeededCount);
  });
  return met < 0 ? undefined : `Matched rules at index ${met}`;
}
