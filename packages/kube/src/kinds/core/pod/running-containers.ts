import type { Container, PodSpec } from "../../../object.ts";

/**
 * Whether an init container is a sidecar: one that runs beside the others.
 * https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/
 */
export function isSidecar({ restartPolicy }: Container): boolean {
  return restartPolicy === "Always";
}

/** The containers that run while a pod serves: its own and its sidecars. */
export function runningContainers({ containers, initContainers = [] }: PodSpec): Container[] {
  return [...containers, ...initContainers.filter(isSidecar)];
}
