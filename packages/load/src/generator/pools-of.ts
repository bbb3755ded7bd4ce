import type { LoadPlan, Target } from "../plan/plan.ts";
import { poolSize } from "../plan/pool-size.ts";
import type { Lane } from "../transport/lane.ts";
import { ConnectionPool } from "./connection-pool.ts";

/** One pool for each client that keeps connections and each target. */
export function poolsOf(plan: LoadPlan, lanes: readonly Lane[]): (ConnectionPool | undefined)[] {
  const size = poolSize(plan);
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
