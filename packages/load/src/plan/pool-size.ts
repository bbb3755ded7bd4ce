import type { LoadPlan } from "./plan.ts";

/** Connections of each pool in one load process. In a closed loop each client has one connection. */
export function poolSize({
  pace,
  keepAliveConnections,
  workers,
}: Pick<LoadPlan, "pace" | "keepAliveConnections" | "workers">): number {
  return Math.ceil((pace.kind === "closed" ? pace.concurrency : keepAliveConnections) / workers);
}
