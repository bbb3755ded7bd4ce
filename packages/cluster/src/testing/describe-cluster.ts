import type { KubeClient } from "@seaworthy/client";
import {
  resourceTypes,
  type Deployment,
  type EndpointSlice,
  type KubeObject,
  type Pod,
  type ReplicaSet,
  type ServedType,
} from "@seaworthy/kube";

/** A Deployment as the users of a simulated cluster want it. */
export function wantedDeployment(
  namespace: string,
  name: string,
  replicas: number,
  image: string,
): Deployment {
  const labels = { app: name };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { namespace, name },
    spec: {
      replicas,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name: "c", image }] } },
    },
  };
}

/** What is there, without names and numbers that are drawn. */
export async function describeCluster(user: KubeClient): Promise<string[]> {
  const list = async <T extends KubeObject>(type: ServedType) => (await user.list<T>(type)).items;
  const deployments = await list<Deployment>(resourceTypes.deployments);
  const sets = await list<ReplicaSet>(resourceTypes.replicasets);
  const pods = await list<Pod>(resourceTypes.pods);
  const slices = await list<EndpointSlice>(resourceTypes.endpointslices);
  const ownerOf = ({ metadata }: KubeObject) => metadata.ownerReferences?.[0]?.name ?? "nobody";
  const lines = deployments.map(({ metadata: { namespace, name }, spec, status = {} }) => {
    const { readyReplicas = 0, updatedReplicas = 0, replicas = 0 } = status;
    const image = spec.template.spec.containers[0]?.image;
    return `${namespace}/${name}: ${image}, ${replicas} of ${spec.replicas}, ${updatedReplicas} new, ${readyReplicas} ready`;
  });
  for (const set of sets) {
    const own = pods.filter(
      (pod) => ownerOf(pod) === set.metadata.name && pod.metadata.namespace === set.metadata.namespace,
    );
    if ((set.spec.replicas ?? 0) === 0 && own.length === 0) continue;
    const image = set.spec.template?.spec.containers[0]?.image;
    lines.push(`${set.metadata.namespace}/${ownerOf(set)} has ${own.length} pods of ${image}`);
  }
  const names = new Set(sets.map(({ metadata: { namespace, name } }) => `${namespace}/${name}`));
  for (const pod of pods)
    if (!names.has(`${pod.metadata.namespace}/${ownerOf(pod)}`))
      lines.push(`${pod.metadata.name} is nobody's`);
  for (const { metadata, endpoints } of slices) {
    const ready = (endpoints ?? []).filter(({ conditions }) => conditions?.ready === true);
    lines.push(`${metadata.namespace}/${ownerOf({ metadata } as KubeObject)}: ${ready.length} endpoints`);
  }
  return lines.toSorted();
}

/** What `describeCluster` says of a cluster in which all is as its users want it. */
export function describeWanted(wanted: ReadonlyMap<string, Deployment | undefined>): string[] {
  const lines: string[] = [];
  for (const [key, object] of wanted) {
    if (object === undefined) continue;
    const replicas = object.spec.replicas ?? 1;
    const image = object.spec.template.spec.containers[0]?.image;
    lines.push(`${key}: ${image}, ${replicas} of ${replicas}, ${replicas} new, ${replicas} ready`);
    lines.push(`${key}: ${replicas} endpoints`);
    if (replicas > 0) lines.push(`${key} has ${replicas} pods of ${image}`);
  }
  return lines.toSorted();
}
