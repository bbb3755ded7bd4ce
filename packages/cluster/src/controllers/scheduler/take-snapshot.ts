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
import type { PodIndex } from "./pod-index.ts";
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

/** The cluster as it is now for one pod. */
export function takeSnapshot(caches: SchedulerCaches, pods: PodIndex, pod: Pod): Snapshot {
  const { nodes, namespaces, services, claims, volumes, classes, owners } = caches;
  return {
    nodes: pods.nodeInfos(nodes.list(), pod),
    sums: pods.sums,
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
