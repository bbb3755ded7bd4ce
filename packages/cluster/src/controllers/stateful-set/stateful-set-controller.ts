import {
  deepEqual,
  matchesLabelSelector,
  resourceTypes,
  type ControllerRevision,
  type PersistentVolumeClaim,
  type Pod,
  type StatefulSet,
} from "@seaworthy/kube";
import { claimObjects, controllerOf } from "../pod-owners/claim-objects.ts";
import { createExpectations } from "../pod-owners/expectations.ts";
import { interestedOwners } from "../pod-owners/interested-owners.ts";
import { createLastWritten } from "../pod-owners/last-written.ts";
import { nextAvailableInMs } from "../pod-owners/next-available.ts";
import { watchOwnersAndPods } from "../pod-owners/watch-owners-and-pods.ts";
import { splitKey, type ControllerContext } from "../reconciler/controller-context.ts";
import { startReconciler, watch } from "../reconciler/start-reconciler.ts";
import { listRevisions } from "../revision-history/controller-revisions.ts";
import { findSetRevisions, pruneSetRevisions } from "./set-revisions.ts";
import { ordinalOf } from "./stateful-pod.ts";
import { StatefulPodControl } from "./stateful-pod-control.ts";
import { calculateStatefulSetStatus } from "./stateful-set-status.ts";
import { syncStatefulSet } from "./sync-stateful-set.ts";

/**
 * Keeps the pods of each StatefulSet, which have names, an order and claims of their own.
 * https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/controller/statefulset/stateful_set.go
 */
export async function startStatefulSetController(context: ControllerContext): Promise<AsyncDisposable> {
  const { client, clock, informers } = context;
  const sets = informers.of<StatefulSet>(resourceTypes.statefulsets);
  const pods = informers.of<Pod>(resourceTypes.pods);
  const revisions = informers.of<ControllerRevision>(resourceTypes.controllerrevisions);
  const claims = informers.of<PersistentVolumeClaim>(resourceTypes.persistentvolumeclaims);
  const expectations = createExpectations(clock);
  const written = createLastWritten();
  const ownersOf = (pod: Pod) => interestedOwners("StatefulSet", sets, pod, ({ spec }) => spec.selector);

  async function podsOf(set: StatefulSet): Promise<Pod[]> {
    return await claimObjects<Pod>({
      client,
      owner: set,
      ownerType: resourceTypes.statefulsets,
      type: resourceTypes.pods,
      // What is named otherwise is not adopted, and what is owned is let go.
      objects: pods
        .list(set.metadata.namespace)
        .filter((pod) => controllerOf(pod) !== undefined || ordinalOf(set, pod) !== undefined),
      matches: (pod) =>
        matchesLabelSelector(set.spec.selector, pod.metadata.labels ?? {}) &&
        ordinalOf(set, pod) !== undefined,
    });
  }

  return await startReconciler(context, {
    name: "statefulset-controller",
    workers: 4,
    watches: [
      watch(revisions, () => []),
      watch(claims, () => []),
      ...watchOwnersAndPods({ owners: sets, pods, expectations, ownersOf, forget: written.forget }),
    ],
    async sync(key, { events, add }) {
      const { namespace, name } = splitKey(key);
      const set = sets.get(namespace, name);
      if (set === undefined || written.isStale(set)) return;
      if (!expectations.satisfied(set.metadata.uid ?? "")) return;
      const history = await listRevisions(client, set, resourceTypes.statefulsets, revisions);
      const own = await podsOf(set);
      const found = await findSetRevisions(client, set, history);
      const control = new StatefulPodControl({ client, claims, expectations, events }, set);
      const nowMs = clock.now();
      let deleted = 0;
      let failure: unknown;
      try {
        deleted = await syncStatefulSet(control, set, found, own, nowMs);
      } catch (error) {
        failure = error;
      }
      const status = calculateStatefulSetStatus(set, found, own, deleted, nowMs);
      if (!deepEqual(status, set.status ?? {}))
        written.wrote(
          await client.update<StatefulSet>(resourceTypes.statefulsets, { ...set, status }, "status"),
        );
      await pruneSetRevisions(client, set, history, found, own);
      const afterMs = nextAvailableInMs(set.spec.minReadySeconds, own, nowMs);
      if (afterMs !== undefined) add({ key, afterMs });
      if (failure !== undefined) throw failure;
    },
  });
}
