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
import { rejectionOf, type Rejection } from "./admit-pod.ts";
import { hostIp, kubernetesVersion, nodeObject, podIpOf, podsPerNode } from "./node-object.ts";
import { createKubeletServer } from "./kubelet-server.ts";
import type { NodeContext } from "./node-context.ts";
import { PodWorker } from "./pod-worker.ts";
import { keepLeases, registerNode } from "./register-node.ts";
import { createAttachments, type Attachments } from "../volumes/attachments.ts";
import type { FoundClaim } from "../volumes/set-up-volumes.ts";
import type { RequestToken } from "../volumes/tokens.ts";

export interface NodesOptions extends Pick<
  NodeContext,
  | "client"
  | "clock"
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
}

/** The running virtual nodes. Disposing them ends every container at once. */
export interface Nodes extends AsyncDisposable {
  readonly kubelet: Kubelet;
  /** What happened to the containers, the latest of them. */
  journals(): readonly ContainerJournal[];
}

/** Registers the virtual nodes and runs the pods that are bound to them. */
export async function startNodes(options: NodesOptions): Promise<Nodes> {
  const { client, clock, nodeNames, dataDir } = options;
  await Promise.all(
    nodeNames.map((name, index) =>
      registerNode(
        client,
        clock,
        nodeObject(name, index + 1, kubernetesVersion, clock.now(), options.runtime),
      ),
    ),
  );
  const pods = createInformer<Pod>(client, resourceTypes.pods);
  const services = createInformer<Service>(client, resourceTypes.services);
  const nodes = createInformer<Node>(client, resourceTypes.nodes);
  await Promise.all([pods.synced, services.synced, nodes.synced]);
  const journals = createJournalBook();
  const attachments = createAttachments();
  const contexts = new Map(
    nodeNames.map((name, index) => [
      name,
      nodeContext({ ...options, journals, attachments }, services, name, index + 1),
    ]),
  );
  const workers = new Map<string, PodWorker>();

  const unsubscribe = pods.onChange(({ type, object: pod }) => {
    const uid = pod.metadata.uid ?? "";
    const worker = workers.get(uid);
    if (type === "deleted") return worker?.gone();
    if (worker !== undefined) return worker.update(pod);
    const context = (pod.spec.nodeName === undefined ? undefined : contexts.get(pod.spec.nodeName))?.(pod);
    if (context === undefined) return;
    const others = [...workers.values()].flatMap(({ admitted }) =>
      admitted?.spec.nodeName === pod.spec.nodeName ? [admitted!] : [],
    );
    const started = new PodWorker(pod, context, admit(client, nodes, pod, others));
    workers.set(uid, started);
    void started.done.finally(() => workers.delete(uid)).catch(() => {});
  });
  const leases = keepLeases(client, clock, nodeNames);

  return {
    journals: () => journals.read(),
    kubelet: createKubeletServer({ pods, workers, dataDir }),
    async [Symbol.asyncDispose]() {
      unsubscribe();
      leases.stop();
      await Promise.all([...workers.values()].map((worker) => worker.dispose()));
      await Promise.all([pods, services, nodes].map((informer) => informer[Symbol.asyncDispose]()));
    },
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
): (pod: Pod) => NodeContext {
  const addresses = createAddresses(index, options.runtime.name === "shim" ? 127 : 10);
  const recorder = createEventRecorder(options.client, options.clock, "kubelet", name);
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
