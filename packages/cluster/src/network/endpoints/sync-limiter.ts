import type { Clock } from "../../clock.ts";

/** Runs a sync as often as a token bucket allows; requests that come meanwhile are answered by one sync. */
export interface SyncLimiter extends Disposable {
  request(): void;
}

/**
 * Starts with a full bucket, as client-go's flowcontrol.NewTokenBucketRateLimiter does. What is done in a hurry takes nothing out
 * of it.
 */
export function createSyncLimiter(
  bucket: { readonly ratePerSecond: number; readonly burst: number },
  { clock, isHurried }: { readonly clock: Clock; readonly isHurried: () => boolean },
  sync: () => void,
): SyncLimiter {
  const perToken = 1000 / bucket.ratePerSecond;
  let tokens = bucket.burst;
  let countedAt = clock.now();
  let cancel: (() => void) | undefined;

  function attempt(): void {
    if (isHurried()) return sync();
    const now = clock.now();
    tokens = Math.min(bucket.burst, tokens + (now - countedAt) / perToken);
    countedAt = now;
    // The tolerance is for timers that fire a fraction of a millisecond early and for rounding.
    if (tokens < 1 - 1e-6) {
      cancel = clock.after(Math.ceil((1 - tokens) * perToken), () => {
        cancel = undefined;
        attempt();
      });
      return;
    }
    tokens = Math.max(0, tokens - 1);
    sync();
  }

  return {
    request() {
      if (cancel === undefined) attempt();
    },
    [Symbol.dispose]() {
      cancel?.();
      cancel = () => {};
    },
  };
}
