import { isAlreadyExists, isNotFound, type Informer, type KubeClient } from "@seaworthy/client";
import { resourceTypes, type Lease, type Node } from "@seaworthy/kube";
import type { Clock } from "../../clock.ts";
import { leaseObject, microTime } from "./node-object.ts";

/** What nodes say of themselves. */
export interface NodeVoices extends Disposable {
  /** Makes a node known, or takes over what an earlier run left of it, and tells that it is ready. */
  register(name: string): Promise<void>;
  /** From now on nothing is heard of it. */
  silence(name: string): void;
}

/** What nodes say it with. */
export interface NodeVoicesOptions {
  readonly client: KubeClient;
  readonly clock: Clock;
  /** Each renews its lease so often. */
  readonly leasePeriodMs: number;
  readonly nodes: Pick<Informer<Node>, "get">;
  /** A node as it knows itself. */
  readonly objectOf: (name: string) => Node;
}

/**
 * Renews the lease of every node that was registered again and again, and tells again that a node is ready where somebody has taken
 * it for lost. They take turns, so that a thousand do not come at once. A node that was deleted is not made anew before the
 * next start, as with a kubelet.
 * https://github.com/kubernetes/component-helpers/blob/v0.36.3/apimachinery/lease/controller.go
 */
export function startNodeVoices({
  client,
  clock,
  leasePeriodMs,
  nodes,
  objectOf,
}: NodeVoicesOptions): NodeVoices {
  const speaking = new Set<string>();

  async function tellStatus(name: string): Promise<void> {
    const { status } = objectOf(name);
    await client.patch(resourceTypes.nodes, undefined, name, "merge", { status }, "status");
  }

  async function keep(name: string): Promise<void> {
    await renewLease(client, clock, name);
    const node = nodes.get(undefined, name);
    const isReady = node?.status?.conditions?.some(
      ({ type, status }) => type === "Ready" && status === "True",
    );
    if (node !== undefined && isReady !== true && speaking.has(name)) await tellStatus(name);
  }

  function speakNext(): void {
    const [name] = speaking;
    if (name === undefined) return;
    // Who spoke comes last.
    speaking.delete(name);
    speaking.add(name);
    // A renewal that is lost is made up for by the next.
    keep(name).catch(() => {});
  }

  let cancel = () => {};
  let dueMs = clock.now();
  const speak = () => {
    const nowMs = clock.now();
    const turnMs = leasePeriodMs / Math.max(1, speaking.size);
    // The timers of a busy process are late. Whose turn has come meanwhile speaks as well, or a thousand nodes are taken for lost.
    for (dueMs = Math.max(dueMs, nowMs - leasePeriodMs); dueMs <= nowMs; dueMs += turnMs) speakNext();
    cancel = clock.after(dueMs - nowMs, speak);
  };
  speak();
  return {
    async register(name) {
      await client.create(resourceTypes.nodes, objectOf(name)).catch(unlessExists);
      await tellStatus(name);
      await renewLease(client, clock, name);
      speaking.add(name);
    },
    silence: (name) => void speaking.delete(name),
    [Symbol.dispose]: () => cancel(),
  };
}

async function renewLease(client: KubeClient, clock: Clock, name: string): Promise<void> {
  const patch = { spec: { renewTime: microTime(clock.now()) } };
  try {
    await client.patch<Lease>(resourceTypes.leases, "kube-node-lease", name, "merge", patch);
  } catch (error) {
    if (!isNotFound(error)) throw error;
    await client.create(resourceTypes.leases, leaseObject(name, clock.now())).catch(unlessExists);
  }
}

function unlessExists(error: unknown): void {
  if (!isAlreadyExists(error)) throw error;
}
