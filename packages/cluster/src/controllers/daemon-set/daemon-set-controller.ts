import type { Change } from "@seaworthy/client";
import {
  deepEqual,
  matchesLabelSelector,
  resourceTypes,
  taintsOf,
  type ControllerRevision,
  type DaemonSet,
  type DaemonSetStatus,
  type Node,
  type Pod,
} from "@seaworthy/kube";
import type { EventRecorder } from "../../event-recorder.ts";
import { claimObjects } from "../pod-owners/claim-objects.ts";
import { createExpectations } from "../pod-owners/expectations.ts";
import { interestedOwners } from "../pod-owners/interested-owners.ts";
import { createLastWritten } from "../pod-owners/last-written.ts";
import { nextAvailableInMs } from "../pod-owners/next-available.ts";
import { createPodControl } from "../pod-owners/pod-control.ts";
import { watchOwnersAndPods } from "../pod-owners/watch-owners-and-pods.ts";
import { keyOf, splitKey, type ControllerContext } from "../reconciler/controller-context.ts";
import { startReconciler, watch } from "../reconciler/start-reconciler.ts";
import { listRevisions } from "../revision-history/controller-revisions.ts";
import { makeDaemonPod, podsByNode } from "./daemon-pod.ts";
import { findDaemonRevisions, pruneDaemonRevisions } from "./daemon-set-revisions.ts";
import { calculateDaemonSetStatus } from "./daemon-set-status.ts";
import { createFailedPodBackoff } from "./failed-pod-backoff.ts";
import { eligibilityOf } from "./node-eligibility.ts";
import { planDaemonPods, type DaemonPlan, type DaemonView, type EndedPod } from "./plan-daemon-pods.ts";
import { planRollingUpdate } from "./plan-rolling-update.ts";

/**
 * Keeps a pod of each DaemonSet on every node that it is for.
 * https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/controller/daemon/daemon_controller.go
 */
export async function startDaemonSetController(context: ControllerContext): Promise<AsyncDisposable> {
  const { client, clock, informers } = context;
  const daemonSets = informers.of<DaemonSet>(resourceTypes.daemonsets);
  const pods = informers.of<Pod>(resourceTypes.pods);
  const nodes = informers.of<Node>(resourceTypes.nodes);
  const revisions = informers.of<ControllerRevision>(resourceTypes.controllerrevisions);
  const expectations = createExpectations(clock);
  const written = createLastWritten();
  const podControl = createPodControl(client, expectations);
  const backoff = createFailedPodBackoff();
  const ownersOf = (pod: Pod) => interestedOwners("DaemonSet", daemonSets, pod, ({ spec }) => spec.selector);

  async function podsOf(daemonSet: DaemonSet): Promise<Pod[]> {
    return await claimObjects<Pod>({
      client,
      owner: daemonSet,
      ownerType: resourceTypes.daemonsets,
      type: resourceTypes.pods,
      objects: pods.list(daemonSet.metadata.namespace),
      matches: (pod) => matchesLabelSelector(daemonSet.spec.selector, pod.metadata.labels ?? {}),
    });
  }

  async function enact(view: DaemonView, plan: DaemonPlan, events: EventRecorder): Promise<void> {
    const { daemonSet, hash } = view;
    const wanted = plan.addOn.slice(0, burst).map((node) => makeDaemonPod(daemonSet, node, hash));
    const creation = wanted.length === 0 ? undefined : await podControl.create(daemonSet, wanted, events);
    const surplus = plan.remove.slice(0, burst);
    const deletion = surplus.length === 0 ? undefined : await podControl.delete(daemonSet, surplus, events);
    const error = creation?.error ?? deletion?.error;
    if (error !== undefined) throw error;
  }

  async function writeStatus(daemonSet: DaemonSet, status: DaemonSetStatus): Promise<void> {
    if (deepEqual(status, daemonSet.status ?? {})) return;
    written.wrote(
      await client.update<DaemonSet>(resourceTypes.daemonsets, { ...daemonSet, status }, "status"),
    );
  }

  return await startReconciler(context, {
    name: "daemonset-controller",
    workers: 2,
    watches: [
      watch(revisions, () => []),
      ...watchOwnersAndPods({ owners: daemonSets, pods, expectations, ownersOf, forget: written.forget }),
      watch(nodes, (change) => (mattersToPods(change) ? daemonSets.list().map(keyOf) : [])),
    ],
    async sync(key, { events, add }) {
      const { namespace, name } = splitKey(key);
      const daemonSet = daemonSets.get(namespace, name);
      if (daemonSet === undefined || daemonSet.metadata.deletionTimestamp !== undefined) return;
      if (written.isStale(daemonSet)) return;
      if (Object.keys(daemonSet.spec.selector).length === 0) {
        const message = "This daemon set is selecting all pods. A non-empty selector is required.";
        return events.event(daemonSet, "Warning", "SelectingAll", message);
      }
      const uid = daemonSet.metadata.uid ?? "";
      const history = await listRevisions(client, daemonSet, resourceTypes.daemonsets, revisions);
      const { hash, old, collisionCount } = await findDaemonRevisions(client, daemonSet, history);
      const maySync = expectations.satisfied(uid);
      const own = await podsOf(daemonSet);
      const view: DaemonView = {
        daemonSet,
        nodes: nodes.list(),
        eligibility: new Map(
          nodes.list().map((node) => [node.metadata.name, eligibilityOf(daemonSet, node)]),
        ),
        pods: podsByNode(own),
        hash,
        nowMs: clock.now(),
      };
      const mayRemove = (ended: EndedPod) => {
        const generation = daemonSet.status?.observedGeneration ?? 0;
        const waitMs = ended.failed ? backoff.waitMs(`${uid}/${generation}/${ended.node}`, view.nowMs) : 0;
        if (waitMs > 0) add({ key, afterMs: waitMs });
        else tellOfEnd(daemonSet, ended, events);
        return waitMs <= 0;
      };
      let failure: unknown;
      try {
        if (maySync) {
          await enact(view, planDaemonPods(view, mayRemove), events);
          const rolls = daemonSet.spec.updateStrategy?.type === "RollingUpdate";
          if (rolls && expectations.satisfied(uid)) await enact(view, planRollingUpdate(view), events);
          await pruneDaemonRevisions(client, daemonSet, old, own);
        }
      } catch (error) {
        failure = error;
      }
      const { status, metadata } = daemonSet;
      const generation = maySync ? metadata.generation : status?.observedGeneration;
      await writeStatus(daemonSet, calculateDaemonSetStatus(view, generation, collisionCount));
      const afterMs = nextAvailableInMs(daemonSet.spec.minReadySeconds, own, view.nowMs);
      if (afterMs !== undefined) add({ key, afterMs });
      if (failure !== undefined) throw failure;
    },
  });
}

/** BurstReplicas of the DaemonSet controller. */
const burst = 250;

function mattersToPods(change: Change<Node>): boolean {
  if (change.type !== "updated") return true;
  const { old, object } = change;
  return (
    !deepEqual(old.metadata.labels ?? {}, object.metadata.labels ?? {}) ||
    !deepEqual(taintsOf(old), taintsOf(object))
  );
}

function tellOfEnd(daemonSet: DaemonSet, { pod, node, failed }: EndedPod, events: EventRecorder): void {
  const which = `daemon pod ${pod.metadata.namespace ?? ""}/${pod.metadata.name} on node ${node}`;
  if (failed)
    events.event(daemonSet, "Warning", "FailedDaemonPod", `Found failed ${which}, will try to kill it`);
  else
    events.event(
      daemonSet,
      "Normal",
      "SucceededDaemonPod",
      `Found succeeded ${which}, will try to delete it`,
    );
}
