import type { KubeClient } from "@seaworthy/client";
import { resourceTypes, type CoreEvent, type Node, type Pod, type ReplicaSet } from "@seaworthy/kube";
import type { RolloutEvidence } from "./diagnosis/diagnosis.ts";
import { rolledKinds, type Rolled } from "./rollout-kinds.ts";
import type { RolloutTarget } from "./wait-for-rollout.ts";

/** Looks at everything that may say why a rollout does not move; undefined when the object is not there. */
export async function gatherEvidence(
  client: KubeClient,
  target: RolloutTarget,
): Promise<RolloutEvidence | undefined> {
  const { namespace } = target;
  const [pods, events] = await Promise.all([
    client.list<Pod>(resourceTypes.pods, { namespace }),
    client.list<CoreEvent>(resourceTypes.events, { namespace }),
  ]);
  const found = await findWorkload(client, pods.items, target);
  if (found === undefined) return undefined;
  const isPlaceless = found.pods.some((pod) => (pod.spec.nodeName ?? "") === "");
  const scheduling = isPlaceless ? await lookForRoom(client) : undefined;
  return { ...found, events: events.items, ...(scheduling === undefined ? {} : { scheduling }) };
}

type Found = Pick<RolloutEvidence, "workload" | "replicaSets" | "pods">;

/** A workload with the pods that it made, by itself or by ReplicaSets; a Pod is its own. */
async function findWorkload(
  client: KubeClient,
  pods: readonly Pod[],
  { kind = "Deployment", namespace, name }: RolloutTarget,
): Promise<Found | undefined> {
  const [workloads, replicaSets] = await Promise.all([
    client.list<Rolled>(rolledKinds[kind].type, { namespace }),
    client.list<ReplicaSet>(resourceTypes.replicasets, { namespace }),
  ]);
  const workload = workloads.items.find(({ metadata }) => metadata.name === name);
  if (workload === undefined) return undefined;
  const owned = replicaSets.items.filter((set) =>
    set.metadata.ownerReferences?.some((owner) => owner.uid === workload.metadata.uid),
  );
  const uids = new Set([workload, ...owned].map(({ metadata }) => metadata.uid));
  return {
    workload,
    replicaSets: owned,
    pods: pods.filter(
      ({ metadata }) =>
        metadata.uid === workload.metadata.uid ||
        metadata.ownerReferences?.some((owner) => uids.has(owner.uid)),
    ),
  };
}

/** Nodes and the pods of other namespaces may be hidden from who may deploy. */
async function lookForRoom(client: KubeClient): Promise<RolloutEvidence["scheduling"]> {
  try {
    const [nodes, pods] = await Promise.all([
      client.list<Node>(resourceTypes.nodes),
      client.list<Pod>(resourceTypes.pods),
    ]);
    return { nodes: nodes.items, pods: pods.items };
  } catch {
    return undefined;
  }
}
