import { isAlreadyExists, type KubeClient } from "@seaworthy/client";
import { resourceTypes, type Node } from "@seaworthy/kube";
import type { Clock } from "../../clock.ts";
import { leaseObject, microTime } from "./node-object.ts";

const leasePeriodMs = 10_000;

/** Makes a node's object and its lease, or takes over those of an earlier run. */
export async function registerNode(client: KubeClient, clock: Clock, node: Node): Promise<void> {
  const { name } = node.metadata;
  await client.create(resourceTypes.nodes, node).catch(unlessExists);
  await client.patch(resourceTypes.nodes, undefined, name, "merge", { status: node.status }, "status");
  await client.create(resourceTypes.leases, leaseObject(name, clock.now())).catch(unlessExists);
  await renewLease(client, clock, name);
}

/** Renews each node's lease every 10 s, as the kubelet does; they take turns, so that a thousand do not come at once. */
export function keepLeases(client: KubeClient, clock: Clock, nodeNames: readonly string[]): { stop(): void } {
  let cancel = () => {};
  let turn = 0;
  const next = () => {
    cancel = clock.after(leasePeriodMs / nodeNames.length, () => {
      // A renewal that is lost is made up for by the next.
      renewLease(client, clock, nodeNames[turn++ % nodeNames.length]!).catch(() => {});
      next();
    });
  };
  if (nodeNames.length > 0) next();
  return { stop: () => cancel() };
}

async function renewLease(client: KubeClient, clock: Clock, name: string): Promise<void> {
  const patch = { spec: { renewTime: microTime(clock.now()) } };
  await client.patch(resourceTypes.leases, "kube-node-lease", name, "merge", patch);
}

function unlessExists(error: unknown): void {
  if (!isAlreadyExists(error)) throw error;
}
