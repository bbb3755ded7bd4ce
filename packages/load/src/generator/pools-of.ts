import type { LoadPlan, Target } from "../plan/plan.ts";
import type { Lane } from "../transport/lane.ts";
import { ConnectionPool } from "./connection-pool.ts";

/** One pool for each client that keeps connections and each target. */
export function poolsOf(plan: LoadPlan, lanes: readonly Lane[]): (ConnectionPool | undefined)[] {
  const { pace, keepAliveConnections, workers } = plan;
  const size = Math.ceil((pace.kind === "closed" ? pace.concurrency : keepAliveConnections) / workers);
  const pools = new Map<Target, Map<string, ConnectionPool>>();
  return lanes.map(({ closes, slot: { target, client } }) => {
    if (closes) return undefined;
    const ofTarget = pools.get(target) ?? new Map<string, ConnectionPool>();
    pools.set(target, ofTarget);
    const pool = ofTarget.get(client) ?? new ConnectionPool(size);
    ofTarget.set(client, pool);
    return pool;
  });
}
