import type { Change } from "@seaworthy/client";
import {
  deepEqual,
  hasPodEnded,
  isPodActive,
  matchesLabelSelector,
  resourceTypes,
  type Pod,
  type ReplicaSet,
  type ReplicaSetStatus,
} from "@seaworthy/kube";
import { claimObjects, controllerOf } from "../pod-owners/claim-objects.ts";
import { createExpectations } from "../pod-owners/expectations.ts";
import { interestedOwners } from "../pod-owners/interested-owners.ts";
import { createPodScaler } from "../pod-owners/pod-scaler.ts";
import { keyOf, splitKey, type ControllerContext } from "../reconciler/controller-context.ts";
import { startReconciler, watch, keysBothWays } from "../reconciler/start-reconciler.ts";
import { calculateReplicaSetStatus, nextAvailabilityDelayMs } from "./replica-set-status.ts";

/** Keeps as many pods as each ReplicaSet asks for. */
export async function startReplicaSetController(context: ControllerContext): Promise<AsyncDisposable> {
  const { client, clock, informers } = context;
  const replicaSets = informers.of<ReplicaSet>(resourceTypes.replicasets);
  const pods = informers.of<Pod>(resourceTypes.pods);
  const expectations = createExpectations(clock);
  const scaler = createPodScaler({ client, clock, replicaSets, pods, expectations });
  const ownersOf = (pod: Pod) => interestedOwners("ReplicaSet", replicaSets, pod);

  async function writeStatus(replicaSet: ReplicaSet, status: ReplicaSetStatus): Promise<void> {
    if (deepEqual(status, replicaSet.status ?? {})) return;
    await client.update<ReplicaSet>(resourceTypes.replicasets, { ...replicaSet, status }, "status");
  }

  function observe(change: Change<Pod>): void {
    const { object: pod } = change;
    const owner = controllerOf(pod)?.uid ?? "";
    if (change.type === "added") expectations.creationObserved(owner);
    // A pod that is being deleted is gone for its ReplicaSet, however long it still drains.
    if (change.type === "deleted" || pod.metadata.deletionTimestamp !== undefined)
      expectations.deletionObserved(owner, pod.metadata.uid ?? "");
  }

  return await startReconciler(context, {
    name: "replicaset-controller",
    workers: 4,
    watches: [
      watch(replicaSets, ({ type, object }) => {
        if (type === "deleted") expectations.forget(object.metadata.uid ?? "");
        return [keyOf(object)];
      }),
      watch(pods, (change) => {
        observe(change);
        return keysBothWays(change, ownersOf);
      }),
    ],
    async sync(key, { events, add }) {
      const { namespace, name } = splitKey(key);
      const replicaSet = replicaSets.get(namespace, name);
      if (replicaSet === undefined) return;
      const mayScale = expectations.satisfied(replicaSet.metadata.uid ?? "");
      const own = await claimObjects<Pod>({
        client,
        owner: replicaSet,
        ownerType: resourceTypes.replicasets,
        type: resourceTypes.pods,
        objects: pods.list(namespace).filter((pod) => !hasPodEnded(pod)),
        matches: (pod) => matchesLabelSelector(replicaSet.spec.selector, pod.metadata.labels ?? {}),
      });
      const active = own.filter((pod) => isPodActive(pod));
      const terminating = own.filter((pod) => !isPodActive(pod));
      const scaled =
        mayScale && replicaSet.metadata.deletionTimestamp === undefined
          ? await scaler.scale(replicaSet, active, events)
          : undefined;
      // One moment for both, or a pod that gets available in between would be seen by neither.
      const nowMs = clock.now();
      const status = calculateReplicaSetStatus(replicaSet, active, terminating, scaled?.failure, nowMs);
      await writeStatus(replicaSet, status);
      const afterMs = nextAvailabilityDelayMs(replicaSet, active, nowMs);
      if (afterMs !== undefined) add({ key, afterMs });
      if (scaled?.error !== undefined) throw scaled.error;
    },
  });
}
