import { timestamp, type Condition, type CustomResourceDefinition } from "@seaworthy/kube";

/** Sets a condition of a definition, whose time changes with its status only. Gives whether anything has changed. */
export function setCondition(
  definition: CustomResourceDefinition,
  nowMs: number,
  condition: Condition,
): boolean {
  const conditions = [...(definition.status?.conditions ?? [])];
  const index = conditions.findIndex(({ type }) => type === condition.type);
  const before = conditions[index];
  const isSame =
    before?.status === condition.status &&
    before.reason === condition.reason &&
    before.message === condition.message;
  if (isSame) return false;
  const kept = before?.status === condition.status ? before.lastTransitionTime : undefined;
  const { type, status, reason, message } = condition;
  const next: Condition = {
    lastTransitionTime: kept ?? timestamp(nowMs),
    ...(message === undefined ? {} : { message }),
    ...(reason === undefined ? {} : { reason }),
    status,
    type,
  };
  if (before === undefined) conditions.push(next);
  else conditions[index] = next;
  definition.status = { ...definition.status, conditions };
  return true;
}
