import { runningContainers } from "../kinds/core/pod/running-containers.ts";
import type { ContainerPort, Pod } from "../object.ts";

/** The ports of its node that a pod takes. */
export function hostPorts(pod: Pod): ContainerPort[] {
  return runningContainers(pod.spec).flatMap(({ ports = [] }) =>
    ports.filter(({ hostPort = 0 }) => hostPort > 0),
  );
}

/**
 * Whether two pods cannot have their ports of one node at once. A port on every address clashes with the same on any.
 * https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/scheduler/framework/plugins/nodeports/node_ports.go
 */
export function hostPortsClash(left: readonly ContainerPort[], right: readonly ContainerPort[]): boolean {
  return left.some((one) => right.some((other) => clash(one, other)));
}

function clash(left: ContainerPort, right: ContainerPort): boolean {
  const [one, two] = [addressOf(left), addressOf(right)];
  return (
    left.hostPort === right.hostPort &&
    (left.protocol ?? "TCP") === (right.protocol ?? "TCP") &&
    (one === two || one === everyAddress || two === everyAddress)
  );
}

const everyAddress = "0.0.0.0";

function addressOf({ hostIP = "" }: ContainerPort): string {
  return hostIP === "" ? everyAddress : hostIP;
}
