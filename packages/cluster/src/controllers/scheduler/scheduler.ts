import { isConflict, isNotFound, type Change, type Informer } from "@seaworthy/client";
import {
  deepEqual,
  resourceTypes,
  type KubeObject,
  type Node,
  type PersistentVolume,
  type PersistentVolumeClaim,
  type Pod,
  hasPodEnded,
  timestamp,
} from "@seaworthy/kube";
import type { EventRecorder } from "../../event-recorder.ts";
import type { Random } from "../../random.ts";
import { keyOf, splitKey, type ControllerContext } from "../reconciler/controller-context.ts";
import { startReconciler, watch, type Due, type Turn } from "../reconciler/start-reconciler.ts";
import { isFullyBound, volumeAnnotations } from "../volumes/annotations.ts";
import { claimReference } from "../volumes/claim-reference.ts";
import { chooseNode, type Refusal } from "./choose-node.ts";
import { describeRefusal } from "./describe-refusal.ts";
import { findVictims } from "./find-victims.ts";
import { isWaiting, PodIndex } from "./pod-index.ts";
import { planVolumes, podClaims } from "./plan-volumes.ts";
import { preemptPods } from "./preempt-pods.ts";
import type { Snapshot } from "./snapshot.ts";
import { schedulerCaches, takeSnapshot } from "./take-snapshot.ts";

/** Gives every pod of the default scheduler a node, one at a time; equals among nodes are drawn. */
export async function startScheduler(context: ControllerContext, random: Random): Promise<AsyncDisposable> {
  const { client, clock, informers } = context;
  const caches = schedulerCaches(informers);
  const { pods, nodes, claims, volumes, classes, budgets } = caches;
  const index = new PodIndex();
  // Where the next look at a share of many nodes begins.
  let firstNode = 0;
  // Pods that no node suited: when that was, and how often in a row.
  const refused = new Map<string, { readonly atMs: number; readonly attempts: number }>();
  // Pods that have a node and wait for their volumes, by key.
  const reserved = new Map<string, Reservation>();

  async function schedule(key: string, { events, add }: Turn): Promise<void> {
    const { namespace, name } = splitKey(key);
    const pod = pods.get(namespace, name);
    const reservation = reserved.get(key);
    if (pod === undefined || !isWaiting(pod)) return void reserved.delete(key);
    if (reservation !== undefined && reservation.uid === pod.metadata.uid)
      return await awaitVolumes(pod, reservation, events);
    if (index.isAssumed(pod)) return;
    const snapshot = takeSnapshot(caches, index, pod);
    const choice = chooseNode(pod, snapshot, random, firstNode);
    firstNode = (firstNode + choice.looked) % Math.max(1, snapshot.nodes.length);
    if ("refusal" in choice) return await makeRoom(pod, choice.refusal, snapshot, events);
    const plan = await bindVolumes(pod, choice.nodeName, snapshot);
    if (plan.length === 0) return await bind(pod, choice.nodeName, events);
    index.assume(pod, choice.nodeName);
    reserved.set(key, {
      uid: pod.metadata.uid ?? "",
      nodeName: choice.nodeName,
      claims: plan,
      untilMs: clock.now() + bindTimeoutMs,
    });
    add({ key, afterMs: bindTimeoutMs });
    // They may have got their volumes before anybody looked for it.
    add(key);
  }

  /** More important pods, which came or are to be tried at the same time, go first (PrioritySort). */
  async function scheduleInOrder(key: string, turn: Turn): Promise<void> {
    const { namespace, name } = splitKey(key);
    const own = pods.get(namespace, name);
    const before = own === undefined ? [] : index.moreImportant(own);
    const first = before.filter((other) => !refused.has(keyOf(other)) && !reserved.has(keyOf(other)));
    for (const other of first) await schedule(keyOf(other), turn);
    await schedule(key, turn);
  }

  /** Looks for less important pods that could go, and lets the pod wait. */
  async function makeRoom(
    pod: Pod,
    refusal: Refusal,
    snapshot: Snapshot,
    recorder: EventRecorder,
  ): Promise<void> {
    if (refusal.ofPod !== undefined || snapshot.nodes.length === 0)
      return await refuse(pod, describeRefusal(refusal, ""), recorder);
    const victims = findVictims(pod, snapshot, refusal, budgets.list());
    if (typeof victims === "string") {
      // Who waits for the end of its victims keeps its node.
      const { nominatedNodeName } = victims.startsWith("not eligible") ? (pod.status ?? {}) : {};
      return await refuse(pod, describeRefusal(refusal, victims), recorder, nominatedNodeName);
    }
    await preemptPods({ client, clock }, pod, victims, recorder);
    await refuse(pod, describeRefusal(refusal, ""), recorder, victims.nodeName);
  }

  async function refuse(
    pod: Pod,
    message: string,
    recorder: EventRecorder,
    nominatedNodeName?: string,
  ): Promise<void> {
    const key = keyOf(pod);
    refused.set(key, { atMs: clock.now(), attempts: (refused.get(key)?.attempts ?? 0) + 1 });
    recorder.event(pod, "Warning", "FailedScheduling", message);
    await writeUnschedulable(pod, message, nominatedNodeName);
  }

  /** Tells claims that wait for a node which one it is; gives those of which the pod has to wait to be bound. */
  async function bindVolumes(
    pod: Pod,
    nodeName: string,
    { nodes: all, storage }: Snapshot,
  ): Promise<string[]> {
    const own = podClaims(pod, storage);
    if (typeof own === "string" || own.waiting.length === 0) return [];
    const node = all.find(({ node: { metadata } }) => metadata.name === nodeName)?.node;
    if (node === undefined) return [];
    const { bind: bindings, provision } = planVolumes(own, node, storage);
    for (const { claim, volume } of bindings)
      await client.patch(
        resourceTypes.persistentvolumes,
        undefined,
        volume.metadata.name,
        "merge",
        reservationFor(claim, volume),
      );
    for (const { metadata } of provision) {
      const annotations = { [volumeAnnotations.selectedNode]: nodeName };
      const patch = { metadata: { uid: metadata.uid, annotations } };
      await client.patch(
        resourceTypes.persistentvolumeclaims,
        metadata.namespace,
        metadata.name,
        "merge",
        patch,
      );
    }
    return own.waiting.map(({ metadata }) => metadata.name);
  }

  /** Binds a pod once its claims are bound. It looks for a node anew when a provisioner gives up, or none answers. */
  async function awaitVolumes(pod: Pod, reservation: Reservation, recorder: EventRecorder): Promise<void> {
    const key = keyOf(pod);
    const own = reservation.claims.map((name) => claims.get(pod.metadata.namespace, name));
    const giveUp = async (why: string) => {
      reserved.delete(key);
      index.giveUp(pod);
      await refuse(pod, `running PreBind plugin "VolumeBinding": binding volumes: ${why}`, recorder);
    };
    if (own.every((claim) => claim !== undefined && isFullyBound(claim))) {
      reserved.delete(key);
      return await bind(pod, reservation.nodeName, recorder);
    }
    const given = own.find((claim) => claim === undefined || hasGivenUp(claim, reservation.nodeName));
    if (given !== undefined) return await giveUp(`provisioning failed for PVC "${given.metadata.name}"`);
    if (own.includes(undefined)) return await giveUp("a claim is gone");
    if (clock.now() >= reservation.untilMs) return await giveUp("timed out waiting for the condition");
  }

  async function bind(pod: Pod, nodeName: string, recorder: EventRecorder): Promise<void> {
    const { namespace = "", name } = pod.metadata;
    index.assume(pod, nodeName);
    try {
      await client.bind(namespace, name, nodeName);
    } catch (error) {
      index.giveUp(pod);
      // The pod is gone or somebody else has bound it: the cache will show it.
      if (isNotFound(error) || isConflict(error)) return;
      throw error;
    }
    refused.delete(keyOf(pod));
    recorder.event(pod, "Normal", "Scheduled", `Successfully assigned ${namespace}/${name} to ${nodeName}`);
  }

  async function writeUnschedulable(pod: Pod, message: string, nominatedNodeName = ""): Promise<void> {
    const { namespace, name } = pod.metadata;
    const present = pod.status?.conditions ?? [];
    const before = present.find(({ type }) => type === "PodScheduled");
    const isSame = (pod.status?.nominatedNodeName ?? "") === nominatedNodeName;
    if (before?.status === "False" && before.message === message && isSame) return;
    const lastTransitionTime =
      before?.status === "False" ? before.lastTransitionTime : timestamp(clock.now());
    const condition = {
      type: "PodScheduled",
      status: "False",
      reason: "Unschedulable",
      message,
      lastTransitionTime,
    };
    const conditions = [...present.filter(({ type }) => type !== "PodScheduled"), condition];
    const patch = { status: { conditions, nominatedNodeName: nominatedNodeName || null } };
    await client
      .patch(resourceTypes.pods, namespace, name, "merge", patch, "status")
      .catch((error: unknown) => {
        if (!isNotFound(error)) throw error;
      });
  }

  /** Something changed for the better: who was refused is tried again, after kube-scheduler's back-off of 1 to 10 s. */
  function retries(): Due[] {
    return [...refused].map(([key, { atMs, attempts }]) => {
      const backOffMs = Math.min(maxBackOffMs, firstBackOffMs * 2 ** Math.min(attempts - 1, 10));
      return { key, afterMs: Math.max(0, atMs + backOffMs - clock.now()) };
    });
  }

  /** Claims that a pod waits for, or that were why no node suited it. */
  function onClaim({ object: { metadata } }: Change<PersistentVolumeClaim>): Due[] {
    const waiting = [...reserved]
      .filter(
        ([key, own]) => splitKey(key).namespace === metadata.namespace && own.claims.includes(metadata.name),
      )
      .map(([key]) => key);
    return [...waiting, ...retries()];
  }

  function onPod(change: Change<Pod>): Due[] {
    const { type, object: pod } = change;
    const wasAssumed = index.isAssumed(pod);
    index.observe(change);
    if (type === "deleted" || (pod.spec.nodeName ?? "") !== "") {
      const wasWaiting = wasAssumed || refused.delete(keyOf(pod));
      const madeRoom = type === "deleted" || hasPodEnded(pod) || pod.metadata.deletionTimestamp !== undefined;
      return wasWaiting || madeRoom ? retries() : [];
    }
    // Its own status, which says that it was refused, is no reason to try again.
    const changed = type === "added" || !deepEqual(change.old.spec, pod.spec);
    return changed && isWaiting(pod) ? [keyOf(pod)] : [];
  }

  function onNode(change: Change<Node>): Due[] {
    const relevant = ({ metadata, spec, status }: Node) => [
      metadata.labels,
      spec,
      status?.allocatable,
      status?.conditions?.map(({ type, status: value }) => [type, value]),
    ];
    const isSame = change.type === "updated" && deepEqual(relevant(change.old), relevant(change.object));
    return isSame ? [] : retries();
  }

  return await startReconciler(context, {
    name: "default-scheduler",
    watches: [
      watch(nodes, onNode),
      watch(claims, onClaim),
      watch(volumes, retries),
      watch(classes, retries),
      ...[budgets, caches.services, caches.namespaces, ...caches.owners].map((cache: Informer<KubeObject>) =>
        watch(cache, () => []),
      ),
      watch(pods, onPod),
    ],
    sync: scheduleInOrder,
  });
}

/** A pod that has a node and waits for its volumes. */
interface Reservation {
  readonly uid: string;
  readonly nodeName: string;
  readonly claims: readonly string[];
  readonly untilMs: number;
}

/** The default of VolumeBindingArgs.BindTimeoutSeconds. */
const bindTimeoutMs = 600_000;

/** A patch that makes a volume that of a claim; the binder does the rest. It fails when somebody else was faster. */
function reservationFor(claim: PersistentVolumeClaim, { metadata }: PersistentVolume) {
  return {
    metadata: {
      resourceVersion: metadata.resourceVersion,
      annotations: { [volumeAnnotations.boundByController]: "yes" },
    },
    spec: { claimRef: claimReference(claim) },
  };
}

/** A provisioner that fails takes the node off the claim, so that another may be chosen. */
function hasGivenUp(claim: PersistentVolumeClaim, nodeName: string): boolean {
  const selected = claim.metadata.annotations?.[volumeAnnotations.selectedNode];
  return !isFullyBound(claim) && selected !== undefined && selected !== nodeName;
}

const firstBackOffMs = 1000;
const maxBackOffMs = 10_000;
