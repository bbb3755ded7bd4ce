/** How long pods that failed on a node are left there, so that they do not fail in a tight loop. */
export interface FailedPodBackoff {
  /** How long the pod still has to stay; 0 when it may go, and then the next one will wait longer. */
  waitMs(key: string, nowMs: number): number;
}

/**
 * Makes a backoff of nothing: 1 s, twice as long each time, at most 15 minutes, and forgotten after twice that.
 * https://github.com/kubernetes/client-go/blob/v0.36.3/util/flowcontrol/backoff.go
 */
export function createFailedPodBackoff(): FailedPodBackoff {
  const entries = new Map<string, { readonly delayMs: number; readonly atMs: number }>();
  return {
    waitMs(key, nowMs) {
      for (const [old, { atMs }] of entries) if (nowMs - atMs > 2 * longestMs) entries.delete(old);
      const entry = entries.get(key);
      const leftMs = entry === undefined ? 0 : entry.atMs + entry.delayMs - nowMs;
      if (leftMs > 0) return leftMs;
      const delayMs = entry === undefined ? firstMs : Math.min(2 * entry.delayMs, longestMs);
      entries.set(key, { delayMs, atMs: nowMs });
      return 0;
    },
  };
}

const firstMs = 1000;
const longestMs = 15 * 60_000;
