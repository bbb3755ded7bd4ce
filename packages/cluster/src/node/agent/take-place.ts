import type { Pod } from "@seaworthy/kube";
import type { NodeContext } from "./node-context.ts";

/** Where a pod is in the network, and by which name. */
export interface PodPlace {
  readonly ip: string;
  readonly hostname: string;
  readonly hostNetwork: boolean;
  /** Gives the address back for others. */
  release(): void;
}

/**
 * Takes a pod's place: its node's own with `hostNetwork`, where the node has a network, else an address of its own. A pod that
 * ran before gets its address back, because others may still go by it.
 */
export function takePlace(
  { metadata: { name }, spec, status }: Pod,
  node: Pick<NodeContext, "runtime" | "hostIp" | "takeIp" | "releaseIp">,
): PodPlace {
  const hostNetwork = spec.hostNetwork === true && node.runtime.network !== undefined;
  if (hostNetwork)
    return { ip: node.hostIp, hostname: spec.nodeName ?? name, hostNetwork, release: () => {} };
  const ip = node.takeIp(status?.podIP);
  return { ip, hostname: spec.hostname ?? name, hostNetwork, release: () => node.releaseIp(ip) };
}
