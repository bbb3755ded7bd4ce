import type { KubeClient } from "@seaworthy/client";
import {
  resourceTypes,
  type CoreEvent,
  type Deployment,
  type Node,
  type Pod,
  type ReplicaSet,
} from "@seaworthy/kube";
import type { RolloutEvidence } from "./diagnosis/diagnosis.ts";
import type { RolloutTarget } from "./wait-for-rollout.ts";

/** Looks at everything that may say why a rollout does not move; undefined when the object is not there. */
export async function gatherEvidence(
  client: KubeClient,
  { kind, namespace, name }: RolloutTarget,
): Promise<RolloutEvidence | undefined> {
  const [pods, events] = await Promise.all([
    client.list<Pod>(resourceTypes.pods, { namespace }),
    client.list<CoreEvent>(resourceTypes.events, { namespace }),
  ]);
  const found =
    kind === "Pod"
      ? podAlone(pods.items, name)
      : await deploymentWithPods(client, pods.items, { namespace, name });
  if (found === undefined) return undefined;
  const isPlaceless = found.pods.some((pod) => (pod.spec.nodeName ?? "") === "");
  const scheduling = isPlaceless ? await lookForRoom(client) : undefined;
  return { ...found, events: events.items, ...(scheduling === undefined ? {} : { scheduling }) };
}

type Found = Pick<RolloutEvidence, "workload" | "replicaSets" | "pods">;

function podAlone(pods: readonly Pod[], name: string): Found | undefined {
  const workload = pods.find(({ metadata }) => metadata.name === name);
  return workload === undefined ? undefined : { workload, replicaSets: [], pods: [workload] };
}

async function deploymentWithPods(
  client: KubeClient,
  pods: readonly Pod[],
  { namespace, name }: { readonly namespace: string; readonly name: string },
): Promise<Found | undefined> {
  const [deployments, replicaSets] = await Promise.all([
    client.list<Deployment>(resourceTypes.deployments, { namespace }),
    client.list<ReplicaSet>(resourceTypes.replicasets, { namespace }),
  ]);
  const workload = deployments.items.find(({ metadata }) => metadata.name === name);
  if (workload === undefined) return undefined;
  const owned = replicaSets.items.filter((set) =>
    set.metadata.ownerReferences?.some((owner) => owner.uid === workload.metadata.uid),
  );
  const uids = new Set(owned.map((set) => set.metadata.uid));
  return {
    workload,
    replicaSets: owned,
    pods: pods.filter((pod) => pod.metadata.ownerReferences?.some((owner) => uids.has(owner.uid))),
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
