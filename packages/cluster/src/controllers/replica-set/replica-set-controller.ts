import type { Change } from "@seaworthy/client";
import {
  matchesLabelSelector,
  resourceTypes,
  type Pod,
  type ReplicaSet,
  type ReplicaSetStatus,
} from "@seaworthy/kube";
import { claimObjects, controllerOf } from "../claim-objects.ts";
import { keyOf, splitKey, type ControllerContext } from "../controller-context.ts";
import { canonicalJson } from "../deployment/pod-template-hash.ts";
import { createEventRecorder } from "../event-recorder.ts";
import { createWorkQueue } from "../work-queue.ts";
import { createExpectations } from "./expectations.ts";
import { createPodScaler } from "./pod-scaler.ts";
import { hasEnded, isActive } from "./pod-state.ts";
import { calculateReplicaSetStatus, nextAvailabilityDelayMs } from "./replica-set-status.ts";

/** Keeps as many pods as each ReplicaSet asks for. */
export function startReplicaSetController(context: ControllerContext): AsyncDisposable {
  const { client, clock, informers } = context;
  const recorder = createEventRecorder(client, clock, "replicaset-controller");
  const expectations = createExpectations(clock);
  const scaler = createPodScaler({ ...context, recorder, expectations });
  const queue = createWorkQueue({ clock, work: sync, workers: 4 });

  async function sync(key: string): Promise<void> {
    const { namespace, name } = splitKey(key);
    const replicaSet = informers.replicaSets.get(namespace, name);
    if (replicaSet === undefined) return;
    const mayScale = expectations.satisfied(replicaSet.metadata.uid ?? "");
    const pods = await claimObjects<Pod>({
      client,
      owner: replicaSet,
      ownerType: resourceTypes.replicasets,
      type: resourceTypes.pods,
      objects: informers.pods.list(namespace).filter((pod) => !hasEnded(pod)),
      matches: (pod) => matchesLabelSelector(replicaSet.spec.selector, pod.metadata.labels ?? {}),
    });
    const active = pods.filter((pod) => isActive(pod));
    const terminating = pods.filter((pod) => !isActive(pod));
    const scaled =
      mayScale && replicaSet.metadata.deletionTimestamp === undefined
        ? await scaler.scale(replicaSet, active)
        : undefined;
    // One moment for both, or a pod that gets available in between would be seen by neither.
    const nowMs = clock.now();
    const status = calculateReplicaSetStatus(replicaSet, active, terminating, scaled?.failure, nowMs);
    await writeStatus(replicaSet, status);
    const recheckMs = nextAvailabilityDelayMs(replicaSet, active, nowMs);
    if (recheckMs !== undefined) queue.addAfter(key, recheckMs);
    if (scaled?.error !== undefined) throw scaled.error;
  }

  async function writeStatus(replicaSet: ReplicaSet, status: ReplicaSetStatus): Promise<void> {
    if (canonicalJson(status) === canonicalJson(replicaSet.status ?? {})) return;
    await client.update<ReplicaSet>(resourceTypes.replicasets, { ...replicaSet, status }, "status");
  }

  function ownerOf(pod: Pod): ReplicaSet | undefined {
    const controller = controllerOf(pod);
    if (controller?.kind !== "ReplicaSet") return undefined;
    const owner = informers.replicaSets.get(pod.metadata.namespace, controller.name);
    return owner?.metadata.uid === controller.uid ? owner : undefined;
  }

  function enqueueInterested(pod: Pod): void {
    const owner = ownerOf(pod);
    if (owner !== undefined) queue.add(keyOf(owner));
    if (controllerOf(pod) !== undefined || pod.metadata.deletionTimestamp !== undefined) return;
    // An orphan: whoever selects it may adopt it.
    for (const replicaSet of informers.replicaSets.list(pod.metadata.namespace)) {
      const matches = matchesLabelSelector(replicaSet.spec.selector, pod.metadata.labels ?? {});
      if (matches) queue.add(keyOf(replicaSet));
    }
  }

  function onPod(change: Change<Pod>): void {
    const { object: pod } = change;
    const ownerUid = controllerOf(pod)?.uid ?? "";
    if (change.type === "added") expectations.creationObserved(ownerUid);
    if (change.type === "updated") enqueueInterested(change.old);
    // A pod that is being deleted is gone for its ReplicaSet, however long it still drains.
    if (change.type === "deleted" || pod.metadata.deletionTimestamp !== undefined) {
      expectations.deletionObserved(ownerUid, pod.metadata.uid ?? "");
    }
    enqueueInterested(pod);
  }

  const subscriptions = [
    informers.replicaSets.onChange(({ type, object }) => {
      if (type === "deleted") expectations.forget(object.metadata.uid ?? "");
      queue.add(keyOf(object));
    }),
    informers.pods.onChange(onPod),
  ];
  return {
    async [Symbol.asyncDispose]() {
      for (const unsubscribe of subscriptions) unsubscribe();
      await queue[Symbol.asyncDispose]();
      await recorder.settled();
    },
  };
}
