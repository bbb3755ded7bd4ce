import { isConflict, isNotFound } from "@seaworthy/client";
import {
  hasPodEnded,
  isPodReady,
  resourceTypes,
  timestamp,
  type KubeObject,
  type Node,
  type Pod,
} from "@seaworthy/kube";
import { keyOf, splitKey, type ControllerContext } from "../controllers/reconciler/controller-context.ts";
import { startReconciler, watch } from "../controllers/reconciler/start-reconciler.ts";
import { isSwitchedOff } from "../node/agent/node-power.ts";
import type { Random } from "../random.ts";

const slowestMs = 3000;

/**
 * Nodes that only say that pods run: a bound pod gets ready after a while, and a deleted one goes after a while, both drawn.
 * Those of a node that is switched off do neither. Pods whose image contains `broken` never get ready; those whose image is `exits:CODE` get ready and end with that code.
 */
export async function startStandInNode(context: ControllerContext, random: Random): Promise<AsyncDisposable> {
  const { client, clock } = context;
  const pods = context.informers.of<Pod>(resourceTypes.pods);
  const nodes = context.informers.of<Node>(resourceTypes.nodes);
  /** When what the pod waits for is done, by uid and step. */
  const due = new Map<string, number>();
  let addresses = 0;

  async function sync(key: string, add: (due: { key: string; afterMs: number }) => void): Promise<void> {
    const { namespace, name } = splitKey(key);
    const pod = pods.get(namespace, name);
    const step = pod === undefined ? undefined : nextStep(pod);
    if (pod === undefined || step === undefined) return;
    const node = nodes.get(undefined, pod.spec.nodeName ?? "");
    if (isSwitchedOff(node)) return;
    const id = `${step} ${pod.metadata.uid ?? ""}`;
    const at = due.get(id) ?? clock.now() + random() * slowestMs;
    due.set(id, at);
    if (at > clock.now()) return add({ key, afterMs: at - clock.now() });
    if (step === "stop") return await remove(pod);
    if (step === "end") return await end(pod);
    addresses += 1;
    await makeReady(pod, `10.${addresses >> 16}.${(addresses >> 8) & 255}.${addresses & 255}`);
  }

  async function makeReady({ metadata, status }: Pod, podIP: string): Promise<void> {
    const ready = { type: "Ready", status: "True", lastTransitionTime: timestamp(clock.now()) };
    const others = (status?.conditions ?? []).filter(({ type }) => type !== "Ready");
    const patch = {
      metadata: { uid: metadata.uid },
      status: { phase: "Running", podIP, conditions: [...others, ready] },
    };
    const { namespace, name } = metadata;
    await client
      .patch<KubeObject>(resourceTypes.pods, namespace, name, "merge", patch, "status")
      .catch(unlessNotFound);
  }

  async function end({ metadata, spec, status }: Pod): Promise<void> {
    const now = timestamp(clock.now());
    const codes = spec.containers.map(({ image = "" }) => exitCodeOf(image) ?? 0);
    const failed = codes.some((code) => code !== 0);
    const others = (status?.conditions ?? []).filter(({ type }) => type !== "Ready");
    const containerStatuses = spec.containers.map(({ name, image }, index) => ({
      name,
      image,
      imageID: image,
      ready: false,
      restartCount: 0,
      state: { terminated: { exitCode: codes[index], finishedAt: now } },
    }));
    const patch = {
      metadata: { uid: metadata.uid },
      status: {
        phase: failed ? "Failed" : "Succeeded",
        conditions: [...others, { type: "Ready", status: "False", lastTransitionTime: now }],
        containerStatuses,
      },
    };
    await client
      .patch<KubeObject>(resourceTypes.pods, metadata.namespace, metadata.name, "merge", patch, "status")
      .catch(unlessNotFound);
  }

  async function remove({ metadata: { namespace, name, uid = "" } }: Pod): Promise<void> {
    await client
      .delete(resourceTypes.pods, namespace, name, { gracePeriodSeconds: 0, uid })
      .catch((error: unknown) => {
        // Another pod has the name by now.
        if (!isConflict(error)) unlessNotFound(error);
      });
  }

  return await startReconciler(context, {
    name: "stand-in-node",
    watches: [watch(pods, ({ type, object }) => (type === "deleted" ? [] : [keyOf(object)]))],
    workers: 10,
    sync: (key, { add }) => sync(key, add),
  });
}

function nextStep(pod: Pod): "start" | "end" | "stop" | undefined {
  const { metadata, spec } = pod;
  if ((spec.nodeName ?? "") === "") return undefined;
  if (metadata.deletionTimestamp !== undefined) return "stop";
  if (spec.containers.some(({ image = "" }) => image.includes("broken"))) return undefined;
  if (hasPodEnded(pod)) return undefined;
  if (!isPodReady(pod)) return "start";
  return spec.containers.every(({ image = "" }) => exitCodeOf(image) !== undefined) ? "end" : undefined;
}

function exitCodeOf(image: string): number | undefined {
  const code = /^exits:(\d+)$/.exec(image)?.[1];
  return code === undefined ? undefined : Number(code);
}

function unlessNotFound(error: unknown): void {
  if (!isNotFound(error)) throw error;
}
