import { deepEqual, withCondition, type Condition, type CustomResourceDefinition } from "@seaworthy/kube";

/** Sets a condition of a definition, whose time changes with its status only. Gives whether anything has changed. */
export function setCondition(
  definition: CustomResourceDefinition,
  nowMs: number,
  condition: Condition,
): boolean {
  const before = definition.status?.conditions ?? [];
  const conditions = withCondition(before, condition, nowMs);
  if (deepEqual(conditions, before)) return false;
  definition.status = { ...definition.status, conditions };
  return true;
}
