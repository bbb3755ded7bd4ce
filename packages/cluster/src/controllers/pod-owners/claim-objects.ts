import { isNotFound, type KubeClient, type ResourceType } from "@seaworthy/client";
import type { KubeObject, OwnerReference } from "@seaworthy/kube";

/** Whose objects are claimed, and how. */
export interface Claim<T extends KubeObject> {
  readonly client: KubeClient;
  readonly owner: KubeObject;
  readonly ownerType: ResourceType;
  readonly type: ResourceType;
  readonly objects: readonly T[];
  /** Whether the owner's selector matches. */
  readonly matches: (object: T) => boolean;
  /** What objects that are adopted get. */
  readonly finalizer?: string;
}

/**
 * The objects that the owner controls: it adopts orphans that match its selector and releases objects that
 * no longer do (k8s.io/kubernetes/pkg/controller/controller_ref_manager.go).
 */
export async function claimObjects<T extends KubeObject>(claim: Claim<T>): Promise<T[]> {
  const claimed: T[] = [];
  let mayAdopt: Promise<boolean> | undefined;
  for (const object of claim.objects) {
    const controller = controllerOf(object);
    const matches = claim.matches(object);
    if (controller !== undefined) {
      if (controller.uid !== claim.owner.metadata.uid) continue;
      if (matches) claimed.push(object);
      else if (claim.owner.metadata.deletionTimestamp === undefined) await release(claim, object);
      continue;
    }
    if (!matches || object.metadata.deletionTimestamp !== undefined) continue;
    mayAdopt ??= canAdopt(claim);
    if (!(await mayAdopt)) continue;
    const adopted = await adopt(claim, object);
    if (adopted !== undefined) claimed.push(adopted);
  }
  return claimed;
}

/** The owner reference that is marked as the controller. */
export function controllerOf(object: KubeObject): OwnerReference | undefined {
  return object.metadata.ownerReferences?.find((reference) => reference.controller === true);
}

/** A reference to an owner that controls and that waits for its dependents in a foreground deletion. */
export function controllerReference(owner: KubeObject): OwnerReference {
  return {
    apiVersion: owner.apiVersion,
    kind: owner.kind,
    name: owner.metadata.name,
    uid: owner.metadata.uid ?? "",
    controller: true,
    blockOwnerDeletion: true,
  };
}

/** The cache may be stale, and an owner that is being deleted must not adopt: so the API is asked. */
async function canAdopt<T extends KubeObject>({ client, owner, ownerType }: Claim<T>): Promise<boolean> {
  if (owner.metadata.deletionTimestamp !== undefined) return false;
  try {
    const fresh = await client.get(ownerType, owner.metadata.namespace, owner.metadata.name);
    return fresh.metadata.uid === owner.metadata.uid && fresh.metadata.deletionTimestamp === undefined;
  } catch (error) {
    if (isNotFound(error)) return false;
    throw error;
  }
}

async function adopt<T extends KubeObject>(claim: Claim<T>, object: T): Promise<T | undefined> {
  const ownerReferences = [...(object.metadata.ownerReferences ?? []), controllerReference(claim.owner)];
  const { finalizer } = claim;
  const finalizers = [...new Set([...(object.metadata.finalizers ?? []), finalizer])];
  return write(claim, object, { ownerReferences, ...(finalizer === undefined ? {} : { finalizers }) });
}

async function release<T extends KubeObject>(claim: Claim<T>, object: T): Promise<void> {
  const ownerReferences = (object.metadata.ownerReferences ?? []).filter(
    (reference) => reference.uid !== claim.owner.metadata.uid,
  );
  await write(claim, object, { ownerReferences });
}

/** The resourceVersion in the patch makes it fail when somebody else changed the object in between. */
async function write<T extends KubeObject>(
  { client, type }: Claim<T>,
  object: T,
  fields: Readonly<Record<string, unknown>>,
): Promise<T | undefined> {
  const { namespace, name, resourceVersion } = object.metadata;
  const patch = { metadata: { resourceVersion, ...fields } };
  try {
    return await client.patch<T>(type, namespace, name, "merge", patch);
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}
