import type { PodLife } from "../timeline/timeline.ts";

/** Node's keep-alive timeout, the shortest in common use; also, no edge of the embedded cluster sends to a pod that ends for longer. */
const keepAlivePeriodMs = 5_000;
/** In so much time a load uses each of its connections again. */
const usedAgainMs = 1_000;

/**
 * For how long the load goes on when a scenario is over: one keep-alive period, in which connections that it left in a bad state
 * are used again. `ended` are the pods whose end is all that it did, where that is known: then the period counts from when the
 * last was told to end, and most of it has passed when it is gone.
 */
export function aftermathMs(ended: readonly PodLife[], now: number): number {
  if (ended.length === 0 || ended.some(({ goneAt }) => goneAt === undefined)) return keepAlivePeriodMs;
  const quietFrom = Math.max(
    ...ended.map(({ deletionSeenAt = now, goneAt = now }) =>
      Math.max(deletionSeenAt + keepAlivePeriodMs, goneAt + usedAgainMs),
    ),
  );
  return Math.max(0, quietFrom - now);
}
