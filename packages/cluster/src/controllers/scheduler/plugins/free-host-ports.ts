import { hostPorts, hostPortsClash, type Pod } from "@seaworthy/kube";
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
    pods.some((other) => hostPortsClash(wanted, hostPorts(other))) ? [{ reason, fatal: false }] : noProblems;
}
