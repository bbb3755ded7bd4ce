import type { Condition } from "../../object.ts";
import { timestamp } from "./timestamp.ts";

/**
 * Conditions with one of them set, whose time changes with its status only.
 * https://github.com/kubernetes/apimachinery/blob/v0.36.3/pkg/api/meta/conditions.go (SetStatusCondition)
 */
export function withCondition<T extends Condition>(
  conditions: readonly T[] | undefined,
  condition: Omit<T, "lastTransitionTime">,
  nowMs: number,
): T[] {
  const present = conditions ?? [];
  const before = present.find(({ type }) => type === condition.type);
  const kept = before?.status === condition.status ? before.lastTransitionTime : undefined;
  const next = { ...condition, lastTransitionTime: kept ?? timestamp(nowMs) } as T;
  return before === undefined ? [...present, next] : present.map((each) => (each === before ? next : each));
}
