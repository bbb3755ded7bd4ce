import {
  deepEqual,
  hasPodEnded,
  isPodActive,
  matchesLabelSelector,
  resourceTypes,
  type Pod,
  type ReplicaSetStatus,
} from "@seaworthy/kube";
import { claimObjects } from "../pod-owners/claim-objects.ts";
import { createExpectations } from "../pod-owners/expectations.ts";
import { interestedOwners } from "../pod-owners/interested-owners.ts";
import { nextAvailableInMs } from "../pod-owners/next-available.ts";
import { createPodControl } from "../pod-owners/pod-control.ts";
import { createPodScaler } from "../pod-owners/pod-scaler.ts";
import { watchOwnersAndPods } from "../pod-owners/watch-owners-and-pods.ts";
import { splitKey, type ControllerContext } from "../reconciler/controller-context.ts";
import { startReconciler } from "../reconciler/start-reconciler.ts";
import type { ReplicaOwner, ReplicaOwnerType } from "./replica-owner.ts";
import { calculateReplicaSetStatus } from "./replica-set-status.ts";

/**
 * Keeps as many pods as each ReplicaSet, or each ReplicationController, asks for.
 * https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/controller/replicaset/replica_set.go
 */
export async function startReplicaSetController(
  context: ControllerContext,
  { type, controllerName, selectorOf, countsTerminating }: ReplicaOwnerType,
): Promise<AsyncDisposable> {
  const { client, clock, informers } = context;
  const owners = informers.of<ReplicaOwner>(type);
  const pods = informers.of<Pod>(resourceTypes.pods);
  const expectations = createExpectations(clock);
  const podControl = createPodControl(client, expectations);
  const scaler = createPodScaler({ clock, owners, pods, podControl });
  const ownersOf = (pod: Pod) => interestedOwners(type.kind, owners, pod, selectorOf);

  async function writeStatus(owner: ReplicaOwner, counted: ReplicaSetStatus): Promise<void> {
    const { terminatingReplicas, ...status } = counted;
    const written = countsTerminating && terminatingReplicas !== undefined ? counted : status;
    if (deepEqual(written, owner.status ?? {})) return;
    await client.update<ReplicaOwner>(type, { ...owner, status: written }, "status");
  }

  return await startReconciler(context, {
    name: controllerName,
    workers: 4,
    watches: watchOwnersAndPods({ owners, pods, expectations, ownersOf }),
    async sync(key, { events, add }) {
      const { namespace, name } = splitKey(key);
      const owner = owners.get(namespace, name);
      if (owner === undefined) return;
      const mayScale = expectations.satisfied(owner.metadata.uid ?? "");
      const selector = selectorOf(owner) ?? {};
      const own = await claimObjects<Pod>({
        client,
        owner,
        ownerType: type,
        type: resourceTypes.pods,
        objects: pods.list(namespace).filter((pod) => !hasPodEnded(pod)),
        matches: (pod) => matchesLabelSelector(selector, pod.metadata.labels ?? {}),
      });
      const active = own.filter((pod) => isPodActive(pod));
      const terminating = own.filter((pod) => !isPodActive(pod));
      const scaled =
        mayScale && owner.metadata.deletionTimestamp === undefined
          ? await scaler.scale(owner, active, events)
          : undefined;
      // One moment for both, or a pod that gets available in between would be seen by neither.
      const nowMs = clock.now();
      const status = calculateReplicaSetStatus(owner, active, terminating, scaled?.failure, nowMs);
      await writeStatus(owner, status);
      const afterMs = nextAvailableInMs(owner.spec.minReadySeconds, active, nowMs);
      if (afterMs !== undefined) add({ key, afterMs });
      if (scaled?.error !== undefined) throw scaled.error;
    },
  });
}
