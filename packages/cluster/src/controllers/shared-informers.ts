import { createInformer, type Informer, type KubeClient } from "@seaworthy/client";
import {
  resourceTypes,
  type Deployment,
  type KubeObject,
  type Namespace,
  type Node,
  type Pod,
  type ReplicaSet,
  type ServedType,
  type Service,
} from "@seaworthy/kube";

/** One cache per resource type, shared by every controller. */
export interface SharedInformers extends AsyncDisposable {
  readonly deployments: Informer<Deployment>;
  readonly replicaSets: Informer<ReplicaSet>;
  readonly pods: Informer<Pod>;
  readonly services: Informer<Service>;
  readonly nodes: Informer<Node>;
  readonly namespaces: Informer<Namespace>;
  /** Every type but Events, which own nothing and are owned by nothing. */
  readonly all: readonly { readonly type: ServedType; readonly informer: Informer<KubeObject> }[];
}

/** Starts the informers and waits until each has its first list. */
export async function startSharedInformers(client: KubeClient): Promise<SharedInformers> {
  await using started = new AsyncDisposableStack();
  const start = <T extends KubeObject>(type: ServedType) => started.use(createInformer<T>(client, type));
  const known = {
    deployments: start<Deployment>(resourceTypes.deployments),
    replicaSets: start<ReplicaSet>(resourceTypes.replicasets),
    pods: start<Pod>(resourceTypes.pods),
    services: start<Service>(resourceTypes.services),
    nodes: start<Node>(resourceTypes.nodes),
    namespaces: start<Namespace>(resourceTypes.namespaces),
  };
  const byPlural: Record<string, unknown> = { ...known, replicasets: known.replicaSets };
  const all = Object.values<ServedType>(resourceTypes)
    .filter((type) => type.plural !== "events")
    .map((type) => ({
      type,
      informer: (byPlural[type.plural] as Informer<KubeObject> | undefined) ?? start<KubeObject>(type),
    }));
  await Promise.all(all.map(({ informer }) => informer.synced));
  const resources = started.move();
  return { ...known, all, [Symbol.asyncDispose]: () => resources.disposeAsync() };
}
