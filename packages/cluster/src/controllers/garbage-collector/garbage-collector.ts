import { unlessNotFound } from "../reconciler/unless-not-found.ts";
import { isNotFound, type Change } from "@seaworthy/client";
import { type KubeObject, type OwnerReference, type ServedType } from "@seaworthy/kube";
import type { ControllerContext } from "../reconciler/controller-context.ts";
import {
  createOwnerGraph,
  foregroundFinalizer,
  hasFinalizer,
  orphanFinalizer,
  waitsForDependents,
  type GraphNode,
} from "./owner-graph.ts";
import { startReconciler, type Turn } from "../reconciler/start-reconciler.ts";
import { watchEvery } from "../reconciler/watch-every.ts";

/**
 * Deletes what nobody owns any more, and carries out foreground and orphan deletion
 * (k8s.io/kubernetes/pkg/controller/garbagecollector/garbagecollector.go). Owners count by uid: another object
 * of the same name does not save a dependent.
 */
export async function startGarbageCollector(context: ControllerContext): Promise<AsyncDisposable> {
  const { client, kinds } = context;
  const graph = createOwnerGraph();

  async function attemptToDelete(uid: string, turn: Turn): Promise<void> {
    const known = graph.get(uid);
    if (known === undefined) return;
    const node = await readNewest(known);
    if (node === undefined) return;
    const { object } = node;
    if (object.metadata.deletionTimestamp !== undefined) return finishDeletion(node, turn);
    const references = object.metadata.ownerReferences ?? [];
    if (references.length === 0) return;
    const { solid, waiting, dangling } = await classify(object, references);
    if (solid.length > 0) {
      if (dangling.length + waiting.length > 0) await writeMetadata(node, { ownerReferences: solid });
      return;
    }
    if (waiting.length > 0 && graph.dependentsOf(uid).length > 0) {
      await unblockCycle(node, waiting);
      return deleteNode(node, "Foreground");
    }
    if (waiting.length > 0 || dangling.length > 0) await deleteNode(node, policyOf(object));
  }

  /** Nothing may be deleted because of a reference that it has no more, so the API is asked. */
  async function readNewest({ type, object }: GraphNode): Promise<GraphNode | undefined> {
    const { namespace, name, uid } = object.metadata;
    const newest = await client.get(type, namespace, name).catch(unlessNotFound);
    return newest !== undefined && newest.metadata.uid === uid ? { type, object: newest } : undefined;
  }

  /** Lets an object go when the reason for which its finalizer held it is over. */
  async function finishDeletion(node: GraphNode, { add }: Turn): Promise<void> {
    const { object } = node;
    const uid = object.metadata.uid ?? "";
    if (hasFinalizer(object, orphanFinalizer)) {
      for (const dependent of graph.dependentsOf(uid)) await disown(dependent, uid);
      return dropFinalizer(node, orphanFinalizer);
    }
    if (!hasFinalizer(object, foregroundFinalizer)) return;
    const blocking = graph.dependentsOf(uid).filter((dependent) => blocks(dependent.object, uid));
    if (blocking.length === 0) return dropFinalizer(node, foregroundFinalizer);
    for (const dependent of blocking) {
      const { deletionTimestamp, uid: dependentUid = "" } = dependent.object.metadata;
      if (deletionTimestamp === undefined) add(dependentUid);
    }
  }

  async function classify(object: KubeObject, references: readonly OwnerReference[]) {
    const solid: OwnerReference[] = [];
    const waiting: OwnerReference[] = [];
    const dangling: OwnerReference[] = [];
    for (const reference of references) {
      const owner = await findOwner(object, reference);
      if (owner === "unknown") solid.push(reference);
      else if (owner === undefined) dangling.push(reference);
      else if (waitsForDependents(owner) && reference.blockOwnerDeletion === true) waiting.push(reference);
      else solid.push(reference);
    }
    return { solid, waiting, dangling };
  }

  /** The cache knows most owners; of others the API is asked, for the cache may only be behind. */
  async function findOwner(
    object: KubeObject,
    reference: OwnerReference,
  ): Promise<KubeObject | "unknown" | undefined> {
    const known = graph.get(reference.uid);
    if (known !== undefined) return known.object;
    const type = kinds.find(reference.apiVersion, reference.kind);
    // An owner of a kind that this cluster does not serve may well exist: nothing is deleted for it.
    if (type === undefined) return "unknown";
    const namespace = type.namespaced ? object.metadata.namespace : undefined;
    try {
      const owner = await client.get(type, namespace, reference.name);
      return owner.metadata.uid === reference.uid ? owner : undefined;
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  }

  /** Two objects that own each other and both wait would wait for ever. */
  async function unblockCycle(node: GraphNode, waiting: readonly OwnerReference[]): Promise<void> {
    const uid = node.object.metadata.uid ?? "";
    if (!graph.dependentsOf(uid).some(({ object }) => waitsForDependents(object))) return;
    const blocked = new Set(waiting.map((reference) => reference.uid));
    const ownerReferences = (node.object.metadata.ownerReferences ?? []).map((reference) =>
      blocked.has(reference.uid) ? { ...reference, blockOwnerDeletion: false } : reference,
    );
    await writeMetadata(node, { ownerReferences });
  }

  async function deleteNode({ type, object }: GraphNode, propagationPolicy: Policy): Promise<void> {
    const { namespace, name, uid } = object.metadata;
    const precondition = uid === undefined ? {} : { uid };
    await client.delete(type, namespace, name, { propagationPolicy, ...precondition }).catch(unlessNotFound);
  }

  async function disown(dependent: GraphNode, ownerUid: string): Promise<void> {
    const references = dependent.object.metadata.ownerReferences ?? [];
    await writeMetadata(dependent, { ownerReferences: references.filter(({ uid }) => uid !== ownerUid) });
  }

  async function dropFinalizer(node: GraphNode, finalizer: string): Promise<void> {
    const finalizers = (node.object.metadata.finalizers ?? []).filter((one) => one !== finalizer);
    await writeMetadata(node, { finalizers });
  }

  /** The resourceVersion makes the write fail, and be tried again, when the cached object is not the newest. */
  async function writeMetadata({ type, object }: GraphNode, changes: object): Promise<void> {
    const { namespace, name, resourceVersion } = object.metadata;
    const patch = { metadata: { resourceVersion, ...changes } };
    await client.patch(type, namespace, name, "merge", patch).catch(unlessNotFound);
  }

  const waitingOwners = ({ metadata }: KubeObject) =>
    (metadata.ownerReferences ?? [])
      .map(({ uid }) => graph.get(uid))
      .filter((owner) => owner !== undefined && waitsForDependents(owner.object))
      .map((owner) => owner?.object.metadata.uid ?? "");

  function concerned(type: ServedType, change: Change<KubeObject>): string[] {
    const { object } = change;
    const uid = object.metadata.uid ?? "";
    const dependents = graph.dependentsOf(uid).map((dependent) => dependent.object.metadata.uid ?? "");
    graph.apply(type, change);
    if (change.type === "deleted") return [...waitingOwners(object), ...dependents];
    const isDeleting = object.metadata.deletionTimestamp !== undefined;
    return [
      ...(change.type === "updated" ? waitingOwners(change.old) : []),
      ...(isDeleting || needsCheck(object) ? [uid] : []),
    ];
  }

  /** Only an owner that is unknown or that waits for its dependents can make an object garbage. */
  function needsCheck(object: KubeObject): boolean {
    return (object.metadata.ownerReferences ?? []).some(({ uid }) => {
      const owner = graph.get(uid);
      return owner === undefined || waitsForDependents(owner.object);
    });
  }

  return await startReconciler(context, {
    name: "garbage-collector",
    workers: 4,
    // Events own nothing and are owned by nothing.
    watches: [watchEvery(context, ({ plural }) => plural !== "events", concerned)],
    sync: attemptToDelete,
  });
}

type Policy = "Background" | "Foreground" | "Orphan";

function policyOf(object: KubeObject): Policy {
  if (hasFinalizer(object, orphanFinalizer)) return "Orphan";
  return hasFinalizer(object, foregroundFinalizer) ? "Foreground" : "Background";
}

function blocks(dependent: KubeObject, ownerUid: string): boolean {
  return (dependent.metadata.ownerReferences ?? []).some(
    ({ uid, blockOwnerDeletion }) => uid === ownerUid && blockOwnerDeletion === true,
  );
}
