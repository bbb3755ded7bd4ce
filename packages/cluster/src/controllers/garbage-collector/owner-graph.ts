import type { Change } from "@seaworthy/client";
import type { KubeObject, ServedType } from "@seaworthy/kube";

/** An object that the garbage collector knows. */
export interface GraphNode {
  readonly type: ServedType;
  readonly object: KubeObject;
}

/** Who owns whom, by uid, as the caches have it. */
export interface OwnerGraph {
  apply(type: ServedType, change: Change<KubeObject>): void;
  get(uid: string): GraphNode | undefined;
  dependentsOf(uid: string): GraphNode[];
}

/** Makes an empty graph. */
export function createOwnerGraph(): OwnerGraph {
  const nodes = new Map<string, GraphNode>();
  const dependents = new Map<string, Set<string>>();

  function unlink(uid: string, object: KubeObject | undefined): void {
    for (const owner of object?.metadata.ownerReferences ?? []) {
      const uids = dependents.get(owner.uid);
      uids?.delete(uid);
      if (uids?.size === 0) dependents.delete(owner.uid);
    }
  }

  return {
    apply(type, { type: what, object }) {
      const uid = object.metadata.uid ?? "";
      unlink(uid, nodes.get(uid)?.object);
      nodes.delete(uid);
      if (what === "deleted") return;
      nodes.set(uid, { type, object });
      for (const owner of object.metadata.ownerReferences ?? []) {
        const uids = dependents.get(owner.uid) ?? new Set();
        dependents.set(owner.uid, uids.add(uid));
      }
    },
    get: (uid) => nodes.get(uid),
    dependentsOf: (uid) =>
      [...(dependents.get(uid) ?? [])].flatMap((dependent) => nodes.get(dependent) ?? []),
  };
}

/** Whether an object waits for its dependents to go first. */
export function waitsForDependents({ metadata }: KubeObject): boolean {
  return metadata.deletionTimestamp !== undefined && hasFinalizer({ metadata }, foregroundFinalizer);
}

/** Whether an object has a finalizer. */
export function hasFinalizer({ metadata }: Pick<KubeObject, "metadata">, finalizer: string): boolean {
  return metadata.finalizers?.includes(finalizer) ?? false;
}

/** Holds an owner until its dependents are gone. */
export const foregroundFinalizer = "foregroundDeletion";
/** Holds an owner until its dependents do not name it any more. */
export const orphanFinalizer = "orphan";
