import { parseQuantity, type Container } from "@seaworthy/kube";

/**
 * Whether a container has to be started anew to have other resources than it has, by its `resizePolicy`.
 * https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/kubelet/kuberuntime/kuberuntime_manager.go (computePodResizeAction)
 */
export function needsRestart(
  { resources = {}, resizePolicy = [] }: Container,
  before: NonNullable<Container["resources"]>,
): boolean {
  return resizePolicy.some(
    ({ resourceName, restartPolicy }) =>
      restartPolicy === "RestartContainer" &&
      (["requests", "limits"] as const).some(
        (list) => !isSame(resources[list]?.[resourceName], before[list]?.[resourceName]),
      ),
  );
}

function isSame(one: string | undefined, two: string | undefined): boolean {
  return one === undefined || two === undefined ? one === two : parseQuantity(one) === parseQuantity(two);
}
