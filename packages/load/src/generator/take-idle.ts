import type { Connection } from "../transport/connection.ts";
import type { Lane } from "../transport/lane.ts";
import type { ConnectionPool } from "./connection-pool.ts";

/** An idle connection that may still be used. Idle connections that may not be used any more are closed. */
export function takeIdle(pool: ConnectionPool | undefined, lane: Lane, now: number): Connection | undefined {
  for (;;) {
    const idle = pool?.take();
    if (idle === undefined || !isWornOut(idle, lane, now)) return idle;
    pool?.drop(idle);
    idle.retire();
    idle.restsUntilMs = now;
  }
}

/** Whether the client of a lane wants no more requests on a connection. */
export function isWornOut({ uses, openedMs }: Connection, { maxUses, maxAgeMs }: Lane, now: number): boolean {
  return uses >= maxUses || now - openedMs >= maxAgeMs;
}
