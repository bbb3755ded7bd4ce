import { runningContainers, type ContainerPort, type Pod } from "@seaworthy/kube";
import { noProblems, type NodeFilter } from "../plugin.ts";

/**
 * Refuses nodes on which a port of the host that the pod wants is taken.
 * https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/scheduler/framework/plugins/nodeports/node_ports.go
 */
export function freeHostPorts(pod: Pod): NodeFilter | undefined {
  const wanted = hostPorts(pod);
  if (wanted.length === 0) return undefined;
  const reason = "node(s) didn't have free ports for the requested pod ports";
  return ({ pods }) =>
    pods.some((other) => hostPorts(other).some((taken) => wanted.some((port) => clash(port, taken))))
      ? [{ reason, fatal: false }]
      : noProblems;
}

function hostPorts(pod: Pod): ContainerPort[] {
  return runningContainers(pod.spec).flatMap(({ ports = [] }) =>
    ports.filter(({ hostPort = 0 }) => hostPort > 0),
  );
}

/** A port on every address clashes with the same on any. */
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
