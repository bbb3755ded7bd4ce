import type { PodLife } from "../timeline/timeline.ts";

/** Node's keep-alive timeout, the shortest in common use. */
const keepAlivePeriodMs = 5_000;
/** In so much time a load uses each of its connections again. */
const usedAgainMs = 1_000;

/** How to wait, for so long at most. */
export interface Waits {
  readonly sleep: (ms: number) => Promise<void>;
  /** Until nobody sends requests to any of these addresses. */
  readonly untilUnrouted: (ips: readonly string[], mostMs: number) => Promise<void>;
}

/**
 * Lets the load go on when a scenario is over: for one keep-alive period, in which connections that it left in a bad state are used
 * again. Where `ended` are all gone, and their ends are all that it did, nothing is left in one as soon as nobody sends to them.
 */
export async function aftermath(ended: readonly PodLife[], { sleep, untilUnrouted }: Waits): Promise<void> {
  const areGone = ended.length > 0 && ended.every(({ goneAt }) => goneAt !== undefined);
  const mostMs = keepAlivePeriodMs - usedAgainMs;
  const ips = ended.flatMap(({ ip }) => ip ?? []);
  await (areGone ? untilUnrouted(ips, mostMs) : sleep(mostMs));
  await sleep(usedAgainMs);
}
