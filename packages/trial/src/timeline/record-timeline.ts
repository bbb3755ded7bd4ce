import { createInformer, type Change, type KubeClient } from "@seaworthy/client";
import { resourceTypes, type Deployment, type EndpointSlice, type Pod } from "@seaworthy/kube";
import { epochMs } from "@seaworthy/load";
import { until } from "../until.ts";
import { applyPod, type MutablePodLife } from "./pod-life.ts";
import type { DeploymentChange, EndpointChange, Timeline } from "./timeline.ts";

/** A timeline that grows as the cluster changes. */
export interface TimelineRecorder extends AsyncDisposable {
  /** The timeline so far. Pods that were gone before the recorder began are not in it. */
  read(): Timeline;
  /** Calls back after each change. Returns a function that unsubscribes. */
  onChange(listener: () => void): () => void;
  /** Resolves once `condition` holds for the timeline; false when `timeoutMs` passed before. */
  until(
    condition: (timeline: Timeline) => boolean,
    timeoutMs: number,
    signal?: AbortSignal,
  ): Promise<boolean>;
}

/** Watches pods, EndpointSlices and Deployments of some namespaces and writes down when what changed. */
export async function recordTimeline(
  client: KubeClient,
  namespaces: readonly string[],
): Promise<TimelineRecorder> {
  await using started = new AsyncDisposableStack();
  const record: Recording = { lives: new Map(), endpoints: [], rollouts: [] };
  const listeners = new Set<() => void>();
  const changed = () => {
    for (const listener of listeners) listener();
  };
  await Promise.all(
    namespaces.map((namespace) => watchNamespace(client, namespace, started, record, changed)),
  );

  const read = (): Timeline => ({
    pods: [...record.lives.values()],
    endpoints: record.endpoints,
    deployments: record.rollouts,
  });
  const onChange = (listener: () => void) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  };
  const resources = started.move();
  return {
    read,
    onChange,
    until: (condition, timeoutMs, signal) => until(() => condition(read()), onChange, timeoutMs, signal),
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}

interface Recording {
  readonly lives: Map<string, MutablePodLife>;
  readonly endpoints: EndpointChange[];
  readonly rollouts: DeploymentChange[];
}

async function watchNamespace(
  client: KubeClient,
  namespace: string,
  started: AsyncDisposableStack,
  record: Recording,
  changed: () => void,
): Promise<void> {
  const pods = started.use(createInformer<Pod>(client, resourceTypes.pods, { namespace }));
  const slices = started.use(
    createInformer<EndpointSlice>(client, resourceTypes.endpointslices, { namespace }),
  );
  const deployments = started.use(
    createInformer<Deployment>(client, resourceTypes.deployments, { namespace }),
  );
  pods.onChange((change) => {
    applyPod(record.lives, change, epochMs());
    changed();
  });
  slices.onChange((change) => {
    const service = change.object.metadata.labels?.["kubernetes.io/service-name"];
    if (service === undefined) return;
    pushIfNew(record.endpoints, endpointChange(namespace, service, slices.list(namespace), epochMs()));
    changed();
  });
  deployments.onChange((change) => {
    if (change.type !== "deleted") record.rollouts.push(deploymentChange(change, epochMs()));
    changed();
  });
  await Promise.all([pods.synced, slices.synced, deployments.synced]);
}

/** A Service may have several slices; what counts is their union. */
function endpointChange(
  namespace: string,
  service: string,
  slices: readonly EndpointSlice[],
  at: number,
): EndpointChange {
  const own = slices.filter((slice) => slice.metadata.labels?.["kubernetes.io/service-name"] === service);
  const all = own.flatMap((slice) => slice.endpoints ?? []);
  const addresses = (keep: (endpoint: (typeof all)[number]) => boolean) =>
    all
      .filter(keep)
      .flatMap((endpoint) => endpoint.addresses)
      .toSorted();
  return {
    at,
    namespace,
    service,
    ready: addresses((endpoint) => endpoint.conditions?.ready !== false),
    terminating: addresses((endpoint) => endpoint.conditions?.terminating === true),
  };
}

function pushIfNew(changes: EndpointChange[], change: EndpointChange): void {
  const last = changes.findLast(
    (each) => each.service === change.service && each.namespace === change.namespace,
  );
  const text = (each: EndpointChange) => JSON.stringify([each.ready, each.terminating]);
  if (last === undefined || text(last) !== text(change)) changes.push(change);
}

function deploymentChange({ object }: Change<Deployment>, at: number): DeploymentChange {
  const { metadata, status = {} } = object;
  return {
    at,
    namespace: metadata.namespace ?? "default",
    name: metadata.name,
    generation: metadata.generation ?? 0,
    observedGeneration: status.observedGeneration ?? 0,
    updated: status.updatedReplicas ?? 0,
    ready: status.readyReplicas ?? 0,
    available: status.availableReplicas ?? 0,
  };
}
