import type { Node } from "@seaworthy/kube";

/** A node's place in the network. */
export interface NodePlace {
  readonly name: string;
  readonly ip: string;
  /** The addresses of its pods. */
  readonly podRange: string;
}

/** The place of a node; undefined until it has one. */
export function nodePlace({ metadata: { name }, spec, status }: Node): NodePlace | undefined {
  const ip = status?.addresses?.find(({ type }) => type === "InternalIP")?.address;
  const podRange = spec?.podCIDR;
  return ip === undefined || podRange === undefined ? undefined : { name, ip, podRange };
}
