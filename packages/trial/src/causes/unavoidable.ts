import type { Cause } from "./cause.ts";

/** Whether no field of a manifest, and no code of the service, saves what is lost by a cause: it counts against nobody. */
export function isUnavoidable(cause: Cause): boolean {
  return cause === "pod-killed" || cause === "edge-restarted";
}
