import { isConflict } from "@seaworthy/client";
import { hasPodEnded, resourceTypes, timestamp, type Node, type Pod } from "@seaworthy/kube";
import type { ControllerContext } from "../reconciler/controller-context.ts";
import { startReconciler, watch } from "../reconciler/start-reconciler.ts";
import { unlessNotFound } from "../reconciler/unless-not-found.ts";
import { chooseGarbage } from "./choose-garbage.ts";

/**
 * Ends and deletes pods that no kubelet will: every 20 s, and those of a node that is gone when it has been for 40 s.
 * https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/controller/podgc/gc_controller.go
 */
export async function startPodGcController(context: ControllerContext): Promise<AsyncDisposable> {
  const { client, clock, informers } = context;
  const pods = informers.of<Pod>(resourceTypes.pods);
  const nodes = informers.of<Node>(resourceTypes.nodes);
  /** Since when a node is missed. */
  const missedSinceMs = new Map<string, number>();

  async function isGone(name: string): Promise<boolean> {
    const sinceMs = missedSinceMs.get(name) ?? clock.now();
    missedSinceMs.set(name, sinceMs);
    if (clock.now() - sinceMs < quarantineMs) return false;
    return (await client.get(resourceTypes.nodes, undefined, name).catch(unlessNotFound)) === undefined;
  }

  async function remove(pod: Pod, conditions: readonly unknown[] = []): Promise<void> {
    const { namespace, name, uid = "" } = pod.metadata;
    if (!hasPodEnded(pod)) {
      const patch = { metadata: { uid }, status: { phase: "Failed", conditions } };
      await client.patch(resourceTypes.pods, namespace, name, "strategic", patch, "status");
    }
    await client.delete(resourceTypes.pods, namespace, name, { gracePeriodSeconds: 0, uid });
  }

  async function removeOrphans(orphans: readonly Pod[]): Promise<void> {
    const byNode = Map.groupBy(orphans, ({ spec }) => spec.nodeName ?? "");
    for (const name of missedSinceMs.keys()) if (!byNode.has(name)) missedSinceMs.delete(name);
    for (const [name, own] of byNode) {
      if (!(await isGone(name))) continue;
      const condition = {
        type: "DisruptionTarget",
        status: "True",
        reason: "DeletionByPodGC",
        message: "PodGC: node no longer exists",
        lastTransitionTime: timestamp(clock.now()),
      };
      await removeAll(own, [condition]);
    }
  }

  async function removeAll(garbage: readonly Pod[], conditions?: readonly unknown[]): Promise<void> {
    const results = await Promise.allSettled(garbage.map((pod) => remove(pod, conditions)));
    for (const result of results) if (result.status === "rejected") tolerate(result.reason);
  }

  return await startReconciler(context, {
    name: "pod-garbage-collector",
    watches: [
      watch(nodes, () => []),
      {
        synced: pods.synced,
        subscribe: (add) => {
          add(everything);
          return () => {};
        },
      },
    ],
    async sync(key, { add }) {
      add({ key, afterMs: periodMs });
      const { ended, outOfService, unplaced, orphaned } = chooseGarbage(pods.list(), nodes.list());
      await removeAll([...ended, ...outOfService, ...unplaced]);
      await removeOrphans(orphaned);
    },
  });
}

const everything = "/";
const periodMs = 20_000;
const quarantineMs = 40_000;

/** Somebody else took the pod away, or it is another by now. */
function tolerate(error: unknown): void {
  if (!isConflict(error)) unlessNotFound(error);
}
