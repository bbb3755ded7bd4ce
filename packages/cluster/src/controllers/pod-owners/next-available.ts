import { podAvailableAtMs, type Pod } from "@seaworthy/kube";

/** In how long the next pod that is ready now counts as available; undefined when none waits for it. */
export function nextAvailableInMs(
  minReadySeconds: number | undefined,
  pods: readonly Pod[],
  nowMs: number,
): number | undefined {
  const times = pods.flatMap((pod) => podAvailableAtMs(pod, minReadySeconds ?? 0) ?? []);
  const future = times.filter((ms) => ms > nowMs);
  return future.length === 0 ? undefined : Math.min(...future) - nowMs;
}
