import type { Container, Pod } from "@seaworthy/kube";

/**
 * What an event says of a resize that has started, or that waits because of what is `pending`.
 * https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/kubelet/events/resize.go
 */
export function resizeEvent(
  { metadata: { generation = 0 }, spec }: Pod,
  pending: string | undefined,
): readonly [type: "Normal" | "Warning", reason: string, message: string] {
  const resources = (containers: readonly Container[] = []) =>
    containers.length === 0 ? undefined : containers.map(({ name, resources = {} }) => ({ name, resources }));
  const summary = JSON.stringify({
    initContainers: resources(spec.initContainers),
    containers: resources(spec.containers),
    generation,
    error: pending,
  });
  return pending === undefined
    ? ["Normal", "ResizeStarted", `Pod resize started: ${summary}`]
    : ["Warning", "ResizeDeferred", `Pod resize Deferred: ${summary}`];
}
