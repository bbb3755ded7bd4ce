import { createInformer, isNotFound, type Informer, type KubeClient } from "@seaworthy/client";
import {
  resourceTypes,
  type ConfigMap,
  type Node,
  type PersistentVolume,
  type PersistentVolumeClaim,
  type Pod,
  type Secret,
  type Service,
} from "@seaworthy/kube";
import type { Kubelet } from "../../kubelet.ts";
import { createEventRecorder } from "../../event-recorder.ts";
import { createJournalBook, type ContainerJournal } from "../container/container-journal.ts";
import type { ReadData } from "../container/environment.ts";
import { lackingResource, rejectionOf, type Rejection } from "./admit-pod.ts";
import { hostIp, kubernetesVersion, nodeObject, podIpOf, podsPerNode } from "./node-object.ts";
import { createKubeletServer } from "./kubelet-server.ts";
import type { NodeContext } from "./node-context.ts";
import { isSwitchedOff } from "./node-power.ts";
import { startNodeVoices } from "./node-voices.ts";
import { PodWorker } from "./pod-worker.ts";
import { createAttachments, type Attachments } from "../volumes/attachments.ts";
import type { FoundClaim } from "../volumes/set-up-volumes.ts";
import type { RequestToken } from "../volumes/tokens.ts";

export interface NodesOptions extends Pick<
  NodeContext,
  | "client"
  | "clock"
  | "clusterClock"
  | "random"
  | "runtime"
  | "limits"
  | "network"
  | "pace"
  | "images"
  | "dataDir"
  | "reachable"
> {
  readonly nodeNames: readonly string[];
  /** How often each renews its lease. */
  readonly leasePeriodMs: number;
}

/** The running virtual nodes. Disposing them ends every container at once. */
export interface Nodes extends AsyncDisposable {
  readonly kubelet: Kubelet;
  /** What happened to the containers, the latest of them. */
  journals(): readonly ContainerJournal[];
}

/** Registers the virtual nodes and runs the pods that are bound to them. */
export async function startNodes(options: NodesOptions): Promise<Nodes> {
  const { client, clusterClock, nodeNames, leasePeriodMs, dataDir } = options;
  const objectOf = (name: string) =>
    nodeObject(name, nodeNames.indexOf(name) + 1, kubernetesVersion, clusterClock.now(), options.runtime);
  const pods = createInformer<Pod>(client, resourceTypes.pods);
  const services = createInformer<Service>(client, resourceTypes.services);
  const nodes = createInformer<Node>(client, resourceTypes.nodes);
  await using started = new AsyncDisposableStack();
  for (const informer of [pods, services, nodes]) started.use(informer);
  await nodes.synced;
  const voices = started.use(
    startNodeVoices({ client, clock: clusterClock, leasePeriodMs, nodes, objectOf }),
  );
  const isOff = (name: string) => isSwitchedOff(nodes.get(undefined, name));
  await Promise.all(nodeNames.filter((name) => !isOff(name)).map((name) => voices.register(name)));
  await Promise.all([pods.synced, services.synced]);
  const journals = createJournalBook();
  const attachments = createAttachments();
  const contexts = new Map(
    nodeNames.map((name, index) => [
      name,
      nodeContext({ ...options, journals, attachments }, services, name, index + 1),
    ]),
  );
  const workers = new Map<string, PodWorker>();
  /** The nodes without power, until all that ran there is gone. */
  const switchedOff = new Map(nodeNames.filter(isOff).map((name) => [name, Promise.resolve()]));
  const booting = new Set<string>();

  /** What the node of a pod has given to others. */
  const othersOf = ({ metadata: { uid }, spec: { nodeName } }: Pod) =>
    [...workers.values()].flatMap(({ admitted }) =>
      admitted?.spec.nodeName === nodeName && admitted?.metadata.uid !== uid ? [admitted!] : [],
    );

  function take(pod: Pod): void {
    const uid = pod.metadata.uid ?? "";
    const { nodeName = "" } = pod.spec;
    const context = switchedOff.has(nodeName) ? undefined : contexts.get(nodeName)?.(pod);
    if (context === undefined || workers.has(uid)) return;
    const lackOf = (wanted: Pod) => {
      const node = nodes.get(undefined, nodeName);
      return node === undefined ? undefined : lackingResource(wanted, node, othersOf(wanted))?.message;
    };
    const admission = admit(client, nodes, pod, othersOf(pod));
    const worker = new PodWorker(pod, { ...context, lackOf }, admission);
    workers.set(uid, worker);
    const forget = () => {
      // After its machine was switched off, another one may have the pod by now.
      if (workers.get(uid) === worker) workers.delete(uid);
      for (const other of workers.values()) other.resumeResize();
    };
    void worker.done.finally(forget).catch(() => {});
  }

  async function switchOff(name: string): Promise<void> {
    voices.silence(name);
    const own = [...workers].filter(([, worker]) => worker.nodeName === name);
    for (const [uid] of own) workers.delete(uid);
    await Promise.all(own.map(([, worker]) => worker.lose()));
  }

  async function switchOn(name: string): Promise<void> {
    if (booting.has(name)) return;
    booting.add(name);
    try {
      await switchedOff.get(name);
      await voices.register(name);
      switchedOff.delete(name);
      for (const pod of pods.list()) if (pod.spec.nodeName === name) take(pod);
    } finally {
      booting.delete(name);
    }
    follow(name);
  }

  function follow(name: string): void {
    if (isOff(name) && !switchedOff.has(name)) switchedOff.set(name, switchOff(name));
    // What fails is tried again at the next change of the node.
    else if (!isOff(name) && switchedOff.has(name)) void switchOn(name).catch(() => {});
  }

  started.defer(async () => {
    await Promise.all([...workers.values()].map((worker) => worker.dispose()));
    await Promise.all(switchedOff.values());
  });
  started.defer(
    nodes.onChange(({ type, object }) => {
      const { name } = object.metadata;
      if (type !== "deleted" && contexts.has(name)) follow(name);
    }),
  );
  started.defer(
    pods.onChange(({ type, object: pod }) => {
      const worker = workers.get(pod.metadata.uid ?? "");
      if (type === "deleted") worker?.gone();
      else if (worker === undefined) take(pod);
      else worker.update(pod);
      // What this pod needs no more, others may wait for.
      for (const other of workers.values()) other.resumeResize();
    }),
  );
  const resources = started.move();
  return {
    journals: () => journals.read(),
    kubelet: createKubeletServer({ pods, workers, dataDir }),
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}

/** Whether the node takes a pod: why not. A pod that ran before the node was started anew was taken then. */
async function admit(
  client: KubeClient,
  nodes: Informer<Node>,
  pod: Pod,
  others: readonly Pod[],
): Promise<Rejection | undefined> {
  const name = pod.spec.nodeName ?? "";
  const known = nodes.get(undefined, name);
  if (known === undefined || pod.status?.startTime !== undefined) return undefined;
  const rejection = rejectionOf(pod, known, others);
  // The scheduler may have seen a newer state of the node than we have.
  return rejection === undefined
    ? undefined
    : rejectionOf(pod, await client.get<Node>(resourceTypes.nodes, undefined, name), others);
}

function nodeContext(
  options: NodesOptions & Pick<NodeContext, "journals"> & { readonly attachments: Attachments },
  services: Informer<Service>,
  name: string,
  index: number,
): (pod: Pod) => Omit<NodeContext, "lackOf"> {
  const addresses = createAddresses(index, options.runtime.name === "shim" ? 127 : 10);
  const recorder = createEventRecorder(options.client, options.clusterClock, "kubelet", name);
  return (pod) => ({
    ...options,
    recorder,
    hostIp: hostIp(index),
    services: () => services.list(),
    readData: dataReader(options.client, pod.metadata.namespace),
    requestToken: tokenRequester(options.client),
    findClaim: (claimName) => findClaim(options.client, pod.metadata.namespace, claimName),
    attach: (claim, volume) => options.attachments.attach(pod, name, claim, volume),
    detach: () => options.attachments.detach(pod),
    takeIp: addresses.take,
    releaseIp: addresses.release,
  });
}

function dataReader(client: KubeClient, namespace: string | undefined): ReadData {
  return async (kind, name) => {
    try {
      if (kind === "secret") {
        const { data = {} } = await client.get<Secret>(resourceTypes.secrets, namespace, name);
        return mapValues(data, (value) => Buffer.from(value, "base64"));
      }
      const { data = {}, binaryData = {} } = await client.get<ConfigMap>(
        resourceTypes.configmaps,
        namespace,
        name,
      );
      return {
        ...mapValues(data, (value) => Buffer.from(value)),
        ...mapValues(binaryData, (value) => Buffer.from(value, "base64")),
      };
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  };
}

async function findClaim(
  client: KubeClient,
  namespace: string | undefined,
  name: string,
): Promise<FoundClaim | undefined> {
  try {
    const { persistentvolumeclaims, persistentvolumes } = resourceTypes;
    const claim = await client.get<PersistentVolumeClaim>(persistentvolumeclaims, namespace, name);
    const { volumeName = "" } = claim.spec ?? {};
    if (volumeName === "") return { claim, volume: undefined };
    return { claim, volume: await client.get<PersistentVolume>(persistentvolumes, undefined, volumeName) };
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

function tokenRequester(client: KubeClient): RequestToken {
  return ({ metadata: { namespace = "default", name, uid = "" }, spec }, asked) =>
    client.requestToken(namespace, spec.serviceAccountName ?? "default", {
      ...asked,
      boundObjectRef: { apiVersion: "v1", kind: "Pod", name, uid },
    });
}

function mapValues<T, U>(record: Readonly<Record<string, T>>, map: (value: T) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));
}

/** Pod addresses of one node. A released one comes back last, so that what is late for the old pod misses the new. */
function createAddresses(
  index: number,
  first: number,
): { take(wanted: string | undefined): string; release(ip: string): void } {
  const free = Array.from({ length: podsPerNode }, (_, count) => podIpOf(index, count, first));
  return {
    take(wanted) {
      const [ip] = free.splice(Math.max(0, free.indexOf(wanted ?? "")), 1);
      if (ip === undefined) throw new Error(`no addresses are left on node ${index}`);
      return ip;
    },
    release: (ip) => void free.push(ip),
  };
}
