import { isNotFound, type Informer, type KubeClient } from "@seaworthy/client";
import { resourceTypes, type Node } from "@seaworthy/kube";
import type { Clock } from "../clock.ts";
import { leaseObject } from "../node/agent/node-object.ts";
import { isSwitchedOff } from "../node/agent/node-power.ts";

const periodMs = 10_000;

/** Renews the leases of all nodes that are not switched off. Returns a function that ends it. */
export function keepLeases(client: KubeClient, nodes: Informer<Node>, clock: Clock): () => void {
  let cancel = () => {};
  const renew = () => {
    for (const node of nodes.list())
      if (!isSwitchedOff(node)) renewLease(client, node, clock).catch(() => {});
    cancel = clock.after(periodMs, renew);
  };
  renew();
  return () => cancel();
}

async function renewLease(client: KubeClient, { metadata: { name } }: Node, clock: Clock): Promise<void> {
  const lease = leaseObject(name, clock.now());
  const { namespace } = lease.metadata;
  try {
    await client.patch(resourceTypes.leases, namespace, name, "merge", { spec: lease.spec });
  } catch (error) {
    if (!isNotFound(error)) throw error;
    await client.create(resourceTypes.leases, lease);
  }
}
