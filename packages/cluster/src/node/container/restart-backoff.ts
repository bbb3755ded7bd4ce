/** How long a container that ends again and again waits: 0, 10, 20, 40 … 300 s. */
export interface RestartBackoff {
  /** The delay, counted from `finishedAtMs`, before the next start. */
  next(finishedAtMs: number): number;
}

const initialMs = 10_000;
const maxMs = 300_000;

/** k8s.io/client-go/util/flowcontrol/backoff.go as kuberuntime_manager.go's doBackOff uses it: the first restart is immediate. */
export function createRestartBackoff(): RestartBackoff {
  let backoffMs = 0;
  let lastUpdateMs = -Infinity;
  return {
    next(finishedAtMs) {
      // A container that ran for twice the longest delay starts afresh.
      if (finishedAtMs - lastUpdateMs > 2 * maxMs) backoffMs = 0;
      const delayMs = backoffMs;
      backoffMs = backoffMs === 0 ? initialMs : Math.min(backoffMs * 2, maxMs);
      lastUpdateMs = finishedAtMs + delayMs;
      return delayMs;
    },
  };
}
