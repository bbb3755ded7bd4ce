import type { Cause } from "./cause.ts";

/** Whether nobody can be sure that it is a loss: it counts neither for the service nor against it. */
export function isDoubtful(cause: Cause): boolean {
  return cause === "machine-crowded";
}

/** Whether what is lost by a cause counts against the service. */
export function isSureLoss(cause: Cause): boolean {
  return !isUnavoidable(cause) && !isDoubtful(cause);
}

/** Whether no field of a manifest, and no code of the service, saves what is lost by a cause: it counts against nobody. */
export function isUnavoidable(cause: Cause): boolean {
  return cause === "pod-killed" || cause === "edge-restarted";
}
