import { createInformer, isConflict, isNotFound, type KubeClient } from "@seaworthy/client";
import { resourceTypes, type Node, type Pod } from "@seaworthy/kube";
import type { Clock } from "../../clock.ts";
import { wait } from "../../wait.ts";
import { hostIp, kubernetesVersion, nodeObject, podIpOf, podsPerNode } from "../agent/node-object.ts";
import { startNodeVoices } from "../agent/node-voices.ts";
import { hollowStatus, nextStep } from "./hollow-pod.ts";

/** How many pods are written about at a time. */
const workers = 32;
const retryMs = 200;
/** How often a write that failed is tried again. */
const maxTries = 50;

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
}): Promise<AsyncDisposable> {
  const { client, clock, names, firstIndex } = options;
  const indexes = new Map(names.map((name, offset) => [name, firstIndex + offset]));
  const nodes = createInformer<Node>(client, resourceTypes.nodes);
  const pods = createInformer<Pod>(client, resourceTypes.pods);
  const objectOf = (name: string) => hollowNode(name, indexes.get(name)!, clock.now());
  const voices = startNodeVoices({ client, clock, nodes, objectOf });
  for (const name of names) await voices.register(name);
  await Promise.all([nodes.synced, pods.synced]);
  /** Pods about which there may be something to write, the oldest first; each is in there once. */
  const waiting = new Map<
    string,
    { readonly namespace: string | undefined; readonly name: string; tries: number }
  >();
  /** How many pods each node has had, for their addresses. */
  const counts = new Map<string, number>();
  const running = new Set<Promise<void>>();
  const over = Promise.withResolvers<void>();
  let isOver = false;

  const unsubscribe = pods.onChange(({ type, object: { metadata, spec } }) => {
    if (type === "deleted" || !indexes.has(spec.nodeName ?? "")) return;
    const { namespace, name } = metadata;
    waiting.set(`${namespace}/${name}`, { namespace, name, tries: 0 });
    work();
  });

  function work(): void {
    while (!isOver && running.size < workers && waiting.size > 0) {
      const [key, each] = waiting.entries().next().value!;
      waiting.delete(key);
      const one = writeAbout(pods.get(each.namespace, each.name))
        .catch(async () => {
          await wait(clock, retryMs, over.promise);
          if (each.tries < maxTries && !waiting.has(key))
            waiting.set(key, { ...each, tries: each.tries + 1 });
        })
        .finally(() => {
          running.delete(one);
          work();
        });
      running.add(one);
    }
  }

  async function writeAbout(pod: Pod | undefined): Promise<void> {
    const step = pod === undefined ? undefined : nextStep(pod);
    if (pod === undefined || step === undefined) return;
    const { namespace, name, uid = "" } = pod.metadata;
    if (step === "remove")
      return await client
        .delete(resourceTypes.pods, namespace, name, { gracePeriodSeconds: 0, uid })
        .then(() => {}, unlessGone);
    const index = indexes.get(pod.spec.nodeName ?? "")!;
    const podIp = pod.status?.podIP ?? takeAddress(pod.spec.nodeName ?? "", index);
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

  return {
    async [Symbol.asyncDispose]() {
      isOver = true;
      over.resolve();
      unsubscribe();
      voices[Symbol.dispose]();
      await Promise.all(running);
      await Promise.all([nodes, pods].map((informer) => informer[Symbol.asyncDispose]()));
    },
  };
}

/** A node with a label by which manifests choose or avoid it. */
function hollowNode(name: string, index: number, nowMs: number): Node {
  const node = nodeObject(name, index, kubernetesVersion, nowMs);
  const labels = { ...node.metadata.labels, "seaworthy.dev/hollow": "true" };
  return { ...node, metadata: { ...node.metadata, labels } };
}

/** It is gone, or another pod has its name by now. */
function unlessGone(error: unknown): void {
  if (!isNotFound(error) && !isConflict(error)) throw error;
}
