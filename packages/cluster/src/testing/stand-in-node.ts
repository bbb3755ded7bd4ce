import { isConflict, isNotFound } from "@seaworthy/client";
import { resourceTypes, timestamp, type KubeObject, type Pod } from "@seaworthy/kube";
import { keyOf, splitKey, type ControllerContext } from "../controllers/reconciler/controller-context.ts";
import { startReconciler, watch } from "../controllers/reconciler/start-reconciler.ts";
import type { Random } from "../random.ts";

const slowestMs = 3000;

/**
 * Nodes that only say that pods run: a bound pod gets ready after a while, and a deleted one goes after a while, both drawn.
 * Pods whose image contains `broken` never get ready.
 */
export async function startStandInNode(context: ControllerContext, random: Random): Promise<AsyncDisposable> {
  const { client, clock } = context;
  const pods = context.informers.of<Pod>(resourceTypes.pods);
  /** When what the pod waits for is done, by uid and step. */
  const due = new Map<string, number>();
  let addresses = 0;

  async function sync(key: string, add: (due: { key: string; afterMs: number }) => void): Promise<void> {
    const { namespace, name } = splitKey(key);
    const pod = pods.get(namespace, name);
    const step = pod === undefined ? undefined : nextStep(pod);
    if (pod === undefined || step === undefined) return;
    const id = `${step} ${pod.metadata.uid ?? ""}`;
    const at = due.get(id) ?? clock.now() + random() * slowestMs;
    due.set(id, at);
    if (at > clock.now()) return add({ key, afterMs: at - clock.now() });
    if (step === "stop") return await remove(pod);
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

function nextStep({ metadata, spec, status }: Pod): "start" | "stop" | undefined {
  if ((spec.nodeName ?? "") === "") return undefined;
  if (metadata.deletionTimestamp !== undefined) return "stop";
  if (spec.containers.some(({ image = "" }) => image.includes("broken"))) return undefined;
  return status?.conditions?.some(({ type, status: is }) => type === "Ready" && is === "True") === true
    ? undefined
    : "start";
}

function unlessNotFound(error: unknown): void {
  if (!isNotFound(error)) throw error;
}
