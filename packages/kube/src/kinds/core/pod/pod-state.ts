import type { ContainerStatus, Pod } from "../../../object.ts";
import { parseTimestamp } from "../../meta/timestamp.ts";

/** Whether a pod counts towards its owner's size: it has not ended and is not being deleted. */
export function isPodActive(pod: Pod): boolean {
  return !hasPodEnded(pod) && pod.metadata.deletionTimestamp === undefined;
}

/** Whether all containers of a pod have ended for good. */
export function hasPodEnded(pod: Pod): boolean {
  return pod.status?.phase === "Succeeded" || pod.status?.phase === "Failed";
}

/** Whether a pod is Ready. */
export function isPodReady(pod: Pod): boolean {
  return readyCondition(pod)?.status === "True";
}

/** The statuses of all containers of a pod, those included that were added to it. */
export function containerStatusesOf({ status }: Pod): ContainerStatus[] {
  return [
    ...(status?.containerStatuses ?? []),
    ...(status?.initContainerStatuses ?? []),
    ...(status?.ephemeralContainerStatuses ?? []),
  ];
}

/** Since when a pod is Ready, in milliseconds since the epoch; undefined when it is not. */
export function podReadySinceMs(pod: Pod): number | undefined {
  const condition = readyCondition(pod);
  return condition?.status === "True" ? parseTimestamp(condition.lastTransitionTime) : undefined;
}

/** When a Ready pod counts as available: at once, or when it has been Ready for minReadySeconds. */
export function podAvailableAtMs(pod: Pod, minReadySeconds: number): number | undefined {
  if (!isPodReady(pod)) return undefined;
  if (minReadySeconds === 0) return 0;
  const sinceMs = podReadySinceMs(pod);
  return sinceMs === undefined ? undefined : sinceMs + minReadySeconds * 1000;
}

function readyCondition(pod: Pod) {
  return pod.status?.conditions?.find(({ type }) => type === "Ready");
}
