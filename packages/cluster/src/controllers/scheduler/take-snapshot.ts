import type { Informer } from "@seaworthy/client";
import {
  resourceTypes,
  serviceSelectsPod,
  type KubeObject,
  type LabelSelector,
  type Namespace,
  type Node,
  type PersistentVolume,
  type PersistentVolumeClaim,
  type Pod,
  type PodDisruptionBudget,
  type Service,
  type StorageClass,
} from "@seaworthy/kube";
import { controllerOf } from "../pod-owners/claim-objects.ts";
import type { Informers } from "../reconciler/informers.ts";
import { priorityOf } from "./find-victims.ts";
import { nodeInfos } from "./node-info.ts";
import type { Snapshot } from "./snapshot.ts";

/** The caches that the scheduler looks at. */
export type SchedulerCaches = ReturnType<typeof schedulerCaches>;

/** Opens the caches that the scheduler looks at. */
export function schedulerCaches(informers: Informers) {
  return {
    pods: informers.of<Pod>(resourceTypes.pods),
    nodes: informers.of<Node>(resourceTypes.nodes),
    namespaces: informers.of<Namespace>(resourceTypes.namespaces),
    services: informers.of<Service>(resourceTypes.services),
    claims: informers.of<PersistentVolumeClaim>(resourceTypes.persistentvolumeclaims),
    volumes: informers.of<PersistentVolume>(resourceTypes.persistentvolumes),
    classes: informers.of<StorageClass>(resourceTypes.storageclasses),
    budgets: informers.of<PodDisruptionBudget>(resourceTypes.poddisruptionbudgets),
    owners: [
      informers.of<KubeObject>(resourceTypes.replicasets),
      informers.of<KubeObject>(resourceTypes.statefulsets),
      informers.of<KubeObject>(resourceTypes.replicationcontrollers),
    ],
  };
}

/**
 * The cluster as it is now for one pod. `assumed` has the nodes of pods whose binding the cache does not show yet. The room that
 * others made for themselves is theirs, unless the pod is more important.
 */
export function takeSnapshot(
  caches: SchedulerCaches,
  assumed: ReadonlyMap<string, string>,
  pod: Pod,
): Snapshot {
  const { pods, nodes, namespaces, services, claims, volumes, classes, owners } = caches;
  return {
    nodes: nodeInfos(nodes.list(), pods.list(), new Map([...nominations(pod, pods.list()), ...assumed])),
    namespaceLabels: (name) => namespaces.get(undefined, name)?.metadata.labels,
    selectorsOf: (pod) => [
      ...services
        .list(pod.metadata.namespace)
        .filter((service) => serviceSelectsPod(service, pod))
        .map(({ spec: { selector: matchLabels = {} } }) => ({ matchLabels })),
      ...ownerSelectors(pod, owners),
    ],
    storage: {
      claim: (namespace, name) => claims.get(namespace, name),
      volume: (name) => volumes.get(undefined, name),
      volumes: () => volumes.list(),
      storageClass: (name) => classes.get(undefined, name),
    },
  };
}

function nominations(pod: Pod, pods: readonly Pod[]): [string, string][] {
  return pods.flatMap((other) => {
    const { uid = "" } = other.metadata;
    const nodeName = other.status?.nominatedNodeName ?? "";
    const counts = nodeName !== "" && uid !== pod.metadata.uid && priorityOf(other) >= priorityOf(pod);
    return counts ? [[uid, nodeName]] : [];
  });
}

function ownerSelectors(pod: Pod, owners: readonly Informer<KubeObject>[]): LabelSelector[] {
  const owner = controllerOf(pod);
  if (owner === undefined) return [];
  return owners.flatMap((informer) => {
    const found = informer.get(pod.metadata.namespace, owner.name);
    return found?.metadata.uid === owner.uid ? [selectorOf(found)] : [];
  });
}

/** A ReplicationController's selector is a plain map of labels. */
function selectorOf(owner: KubeObject): LabelSelector {
  const selector = ((owner["spec"] ?? {}) as { selector?: Record<string, unknown> }).selector ?? {};
  const isPlain = Object.values(selector).every((value) => typeof value === "string");
  return isPlain ? { matchLabels: selector as Record<string, string> } : selector;
}
