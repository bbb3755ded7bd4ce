import { createInformer, isConflict, isNotFound, type KubeClient } from "@seaworthy/client";
import { resourceTypes, type Node, type Pod } from "@seaworthy/kube";
import type { Clock } from "../../clock.ts";
import { createWorkQueue } from "../../work-queue/work-queue.ts";
import { hostIp, kubernetesVersion, nodeObject, podIpOf, podsPerNode } from "../agent/node-object.ts";
import { isSwitchedOff } from "../agent/node-power.ts";
import { startNodeVoices } from "../agent/node-voices.ts";
import { hollowStatus, nextStep } from "./hollow-pod.ts";

/** How many pods are written about at a time. */
const workers = 32;

/**
 * Nodes that run nothing and say that they do: a pod which is bound to one is Ready as soon as that is written, and gone as
 * soon as it is deleted. They are for controllers and schedulers that are to be tried with thousands of pods. `names` are the
 * nodes, of which the first is the `firstIndex`th of the cluster.
 */
export async function startHollowNodes(options: {
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly names: readonly string[];
  readonly firstIndex: number;
  /** How often each renews its lease. */
  readonly leasePeriodMs: number;
}): Promise<AsyncDisposable> {
  const { client, clock, names, firstIndex, leasePeriodMs } = options;
  const indexes = new Map(names.map((name, offset) => [name, firstIndex + offset]));
  const nodes = createInformer<Node>(client, resourceTypes.nodes);
  const pods = createInformer<Pod>(client, resourceTypes.pods);
  const objectOf = (name: string) => hollowNode(name, indexes.get(name)!, clock.now());
  await using started = new AsyncDisposableStack();
  for (const informer of [nodes, pods]) started.use(informer);
  await Promise.all([nodes.synced, pods.synced]);
  const voices = started.use(startNodeVoices({ client, clock, leasePeriodMs, nodes, objectOf }));
  const switchedOff = new Set(names.filter((name) => isSwitchedOff(nodes.get(undefined, name))));
  for (const name of names) if (!switchedOff.has(name)) await voices.register(name);
  /** How many pods each node has had, for their addresses. */
  const counts = new Map<string, number>();
  const queue = started.use(
    createWorkQueue({
      clock,
      workers,
      work: (key) => {
        const [namespace, name] = key.split("/") as [string, string];
        return writeAbout(pods.get(namespace, name));
      },
    }),
  );

  async function writeAbout(pod: Pod | undefined): Promise<void> {
    const { nodeName = "" } = pod?.spec ?? {};
    const step = pod === undefined || switchedOff.has(nodeName) ? undefined : nextStep(pod);
    if (pod === undefined || step === undefined) return;
    const { namespace, name, uid = "" } = pod.metadata;
    if (step === "remove")
      return await client
        .delete(resourceTypes.pods, namespace, name, { gracePeriodSeconds: 0, uid })
        .then(() => {}, unlessGone);
    const index = indexes.get(nodeName)!;
    const podIp = pod.status?.podIP ?? takeAddress(nodeName, index);
    const status = hollowStatus(pod, step, { nowMs: clock.now(), podIp, hostIp: hostIp(index) });
    await client
      .patch<Pod>(resourceTypes.pods, namespace, name, "merge", { metadata: { uid }, status }, "status")
      .then(() => {}, unlessGone);
  }

  function takeAddress(node: string, index: number): string {
    const count = counts.get(node) ?? 0;
    counts.set(node, count + 1);
    return podIpOf(index, count % podsPerNode);
  }

  function look({ metadata: { namespace, name }, spec: { nodeName = "" } }: Pod): void {
    if (indexes.has(nodeName)) queue.add(`${namespace}/${name}`);
  }

  function switchOff(name: string): void {
    switchedOff.add(name);
    voices.silence(name);
  }

  async function switchOn(name: string): Promise<void> {
    switchedOff.delete(name);
    await voices.register(name);
    if (switchedOff.has(name)) return voices.silence(name);
    for (const pod of pods.list()) if (pod.spec.nodeName === name) look(pod);
  }

  started.defer(
    nodes.onChange(({ type, object }) => {
      const { name } = object.metadata;
      const isOff = isSwitchedOff(object);
      if (type === "deleted" || !indexes.has(name) || isOff === switchedOff.has(name)) return;
      if (isOff) switchOff(name);
      // What fails is tried again when somebody pulls the plug once more.
      else switchOn(name).catch(() => {});
    }),
  );
  started.defer(
    pods.onChange(({ type, object }) => {
      if (type !== "deleted") look(object);
    }),
  );
  return started.move();
}

/** A node with a label by which manifests choose or avoid it. */
function hollowNode(name: string, index: number, nowMs: number): Node {
  const node = nodeObject(name, index, kubernetesVersion, nowMs, { name: "shim" });
  const labels = { ...node.metadata.labels, "seaworthy.dev/hollow": "true" };
  return { ...node, metadata: { ...node.metadata, labels } };
}

/** It is gone, or another pod has its name by now. */
function unlessGone(error: unknown): void {
  if (!isNotFound(error) && !isConflict(error)) throw error;
}
