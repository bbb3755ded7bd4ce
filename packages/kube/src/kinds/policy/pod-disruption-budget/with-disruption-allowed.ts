import type { PodDisruptionBudgetStatus } from "../../../object.ts";
import { withCondition } from "../../meta/with-condition.ts";

/**
 * The status of a PodDisruptionBudget with the condition that follows from how many disruptions it allows.
 * https://github.com/kubernetes/component-helpers/blob/v0.36.3/apps/poddisruptionbudget/helpers.go
 */
export function withDisruptionAllowed(
  status: PodDisruptionBudgetStatus,
  nowMs: number,
): PodDisruptionBudgetStatus {
  const isAllowed = (status.disruptionsAllowed ?? 0) > 0;
  const condition = {
    type: "DisruptionAllowed",
    status: isAllowed ? "True" : "False",
    reason: isAllowed ? "SufficientPods" : "InsufficientPods",
    message: "",
    ...(status.observedGeneration === undefined ? {} : { observedGeneration: status.observedGeneration }),
  };
  return { ...status, conditions: withCondition(status.conditions, condition, nowMs) };
}
