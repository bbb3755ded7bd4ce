import { type KubeObject, timestamp } from "@seaworthy/kube";
import type { Deletion, DeletionOptions } from "./deletion.ts";
import type { ApiContext } from "../api-context.ts";
import type { WriteOptions } from "./write-options.ts";
import { replaceObject } from "./replace-object.ts";
import { keyOf, type Resource } from "../resource.ts";
import { conflict, notFound } from "../http/status-error.ts";

/**
 * Deletes an object, or marks it for deletion when it has grace or finalizers.
 * https://github.com/kubernetes/apiserver/blob/master/pkg/registry/generic/registry/store.go (Store.Delete),
 * https://github.com/kubernetes/apiserver/blob/master/pkg/registry/rest/delete.go (BeforeDelete)
 */
export function deleteObject(
  context: ApiContext,
  resource: Resource,
  target: { readonly namespace: string | undefined; readonly name: string },
  options: DeletionOptions & WriteOptions,
): Deletion {
  const stored = context.store.get(resource.collection, keyOf(target.namespace, target.name));
  if (stored === undefined) throw notFound(resource.type, target.name);
  checkPreconditions(resource, stored.object, options);
  const intercepted = resource.interceptDelete?.(context, resource, stored, options);
  if (intercepted !== undefined) return intercepted;
  const draft = stored.copy();
  const grace = startGrace(context, resource, draft, options);
  if (grace === "pending") return { object: stored, gone: false };
  setGarbageCollectionFinalizers(draft, options);
  const hasFinalizers = (draft.metadata.finalizers ?? []).length > 0;
  if (!hasFinalizers && (grace === "none" || draft.metadata.deletionGracePeriodSeconds === 0)) {
    return replaced(context, resource, stored, draft, { ...options, gone: true });
  }
  if (grace === "none") markAsDeleting(context, draft);
  return replaced(context, resource, stored, draft, { ...options, gone: false });
}

/** Refuses a deletion that was meant for another object, or for an older state of this one. */
export function checkPreconditions(
  resource: Resource,
  { metadata }: KubeObject,
  { preconditions }: DeletionOptions,
): void {
  const { uid, resourceVersion } = preconditions ?? {};
  const type = { ...resource.type, plural: resource.type.kind };
  if (uid !== undefined && uid !== metadata.uid) {
    const ids = `the UID in the precondition (${uid}) does not match the UID in record (${metadata.uid ?? ""})`;
    throw conflict(type, metadata.name, `${ids}. The object might have been deleted and then recreated`);
  }
  if (resourceVersion !== undefined && resourceVersion !== metadata.resourceVersion) {
    const versions = `the ResourceVersion in the precondition (${resourceVersion}) does not match the ResourceVersion in record (${metadata.resourceVersion ?? ""})`;
    throw conflict(type, metadata.name, `${versions}. The object might have been modified`);
  }
}

/**
 * Starts the grace period, or shortens it: `none` when the kind has no grace, `started`, or `pending` when
 * a deletion is already under way and this one asks for nothing sooner.
 */
function startGrace(
  { clock }: ApiContext,
  resource: Resource,
  draft: KubeObject,
  options: DeletionOptions,
): "none" | "started" | "pending" {
  if (resource.gracePeriodSeconds === undefined) return "none";
  const { metadata } = draft;
  if (metadata.deletionTimestamp !== undefined) {
    const before = metadata.deletionGracePeriodSeconds;
    if (before === undefined) return "none";
    const asked = options.gracePeriodSeconds;
    if (asked === undefined || asked >= before) return "pending";
    const period = Math.max(asked, 0);
    metadata.deletionTimestamp = timestamp(Date.parse(metadata.deletionTimestamp) - (before - period) * 1000);
    metadata.deletionGracePeriodSeconds = period;
    return "started";
  }
  const period = resource.gracePeriodSeconds(draft, options.gracePeriodSeconds);
  metadata.deletionTimestamp = timestamp(clock.now() + period * 1000);
  metadata.deletionGracePeriodSeconds = period;
  if (metadata.generation !== undefined) metadata.generation += 1;
  return "started";
}

/** Marks an object that goes without grace; its finalizers are waited for. */
export function markAsDeleting({ clock }: ApiContext, { metadata }: KubeObject): void {
  if (metadata.deletionTimestamp === undefined) {
    metadata.deletionTimestamp = timestamp(clock.now());
    if (metadata.generation !== undefined) metadata.generation += 1;
  }
  metadata.deletionGracePeriodSeconds = 0;
}

const orphan = "orphan";
const foreground = "foregroundDeletion";

/** deletionFinalizersForGarbageCollection: the propagation policy becomes a finalizer that the garbage collector works off. */
function setGarbageCollectionFinalizers({ metadata }: KubeObject, options: DeletionOptions): void {
  const present = metadata.finalizers ?? [];
  const wanted = wantedFinalizer(present, options);
  const finalizers = present.filter((finalizer) => finalizer !== orphan && finalizer !== foreground);
  if (wanted !== undefined) finalizers.push(wanted);
  if (finalizers.length === 0) delete metadata.finalizers;
  else metadata.finalizers = finalizers;
}

function wantedFinalizer(present: readonly string[], options: DeletionOptions): string | undefined {
  if (options.orphanDependents !== undefined) return options.orphanDependents ? orphan : undefined;
  if (options.propagationPolicy === "Orphan") return orphan;
  if (options.propagationPolicy === "Foreground") return foreground;
  if (options.propagationPolicy === "Background") return undefined;
  return present.find((finalizer) => finalizer === orphan || finalizer === foreground);
}

function replaced(
  ...[context, resource, stored, draft, options]: Parameters<typeof replaceObject>
): Deletion {
  return { object: replaceObject(context, resource, stored, draft, options), gone: options.gone };
}
