import {
  deepEqual,
  sameButTimes,
  validateStatusUpdate,
  validateUpdate,
  type KubeObject,
} from "@seaworthy/kube";
import { admitLimits } from "../admission/limit-bounds.ts";
import { admitQuota } from "../admission/resource-quota.ts";
import type { ApiContext } from "../api-context.ts";
import type { WriteOptions } from "./write-options.ts";
import { tidyMetadata } from "./create-object.ts";
import { replaceObject } from "./replace-object.ts";
import { keyOf, refusedKind, startOf, type Resource } from "../resource.ts";
import { conflict, invalid, notFound, refuseInvalid } from "../http/status-error.ts";
import type { StoredObject } from "../store/stored-object.ts";

/** Says what an object should become. The draft that it returns belongs to the update. */
export type MakeDraft = (old: StoredObject) => KubeObject;

/**
 * What of an object a write is about. All else stays as it is, whatever the draft says. `resources`: those of a pod's containers,
 * which a quota counts.
 */
export type Part = "main" | "status" | "resources";

/** Updates an object as this server itself does, without asking anybody. */
export function updateObject(
  context: ApiContext,
  resource: Resource,
  target: { readonly namespace: string | undefined; readonly name: string; readonly part: Part },
  makeDraft: MakeDraft,
  options: WriteOptions,
): StoredObject {
  const stored = context.store.get(resource.collection, keyOf(target.namespace, target.name));
  if (stored === undefined) throw notFound(resource.type, target.name);
  const draft = prepareUpdate(context, resource, target.part, stored, makeDraft(stored));
  return storeUpdate(context, resource, target.part, stored, draft, options);
}

/** Makes the draft what would be stored in the place of an object, or refuses it. */
export function prepareUpdate(
  context: ApiContext,
  resource: Resource,
  part: Part,
  stored: StoredObject,
  draft: KubeObject,
): KubeObject {
  const old = startOf(resource, stored);
  checkPreconditions(resource, draft, old);
  keepSystemMetadata(draft, old);
  const { name } = old.metadata;
  if (part === "main") {
    prepareMain(context, resource, draft, old);
    refuseInvalid(refusedKind(resource), name, validateUpdate(draft, old, resource.type));
    admitLimits(context, resource, draft, old);
  } else {
    prepareStatus(context, resource, draft, old);
    refuseInvalid(refusedKind(resource), name, validateStatusUpdate(draft, old, resource.type));
  }
  return draft;
}

/** Stores what was prepared; `storable` is the same in the version that is stored, where a webhook has to make that. */
export function storeUpdate(
  context: ApiContext,
  resource: Resource,
  part: Part,
  stored: StoredObject,
  draft: KubeObject,
  options: WriteOptions,
  storable: KubeObject = draft,
): StoredObject {
  if (part !== "status") {
    const charge = admitQuota(context, resource, draft, startOf(resource, stored));
    if (!options.dryRun) charge();
  }
  return commit(context, resource, stored, storable, options);
}

/** Refuses a write that was made for another object, or for an older state of this one. */
export function checkPreconditions(resource: Resource, draft: KubeObject, old: KubeObject): void {
  const { resourceVersion, uid, name } = draft.metadata;
  if (uid !== undefined && uid !== "" && uid !== old.metadata.uid) {
    const why = `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${old.metadata.uid ?? ""}`;
    throw conflict(resource.type, name, why);
  }
  if (resourceVersion === undefined || resourceVersion === "") {
    if (resource.unconditionalUpdate !== false) return;
    // It is the plural that is named here, as if it were the kind.
    throw invalid({ ...resource.type, kind: resource.type.plural }, name, [
      {
        reason: "FieldValueInvalid",
        field: "metadata.resourceVersion",
        message: "Invalid value: 0: must be specified for an update",
      },
    ]);
  }
  if (resourceVersion === old.metadata.resourceVersion) return;
  const why = "the object has been modified; please apply your changes to the latest version and try again";
  throw conflict(resource.type, name, why);
}

/** rest.BeforeUpdate: what clients cannot change. */
function keepSystemMetadata(draft: KubeObject, old: KubeObject): void {
  const { metadata } = draft;
  for (const field of [
    "namespace",
    "creationTimestamp",
    "deletionTimestamp",
    "generation",
    "resourceVersion",
  ] as const) {
    if (old.metadata[field] === undefined) delete metadata[field];
    else Object.assign(metadata, { [field]: old.metadata[field] });
  }
  if (old.metadata.deletionGracePeriodSeconds === undefined) delete metadata.deletionGracePeriodSeconds;
  else metadata.deletionGracePeriodSeconds = old.metadata.deletionGracePeriodSeconds;
  if ((metadata.uid ?? "") === "" && old.metadata.uid !== undefined) metadata.uid = old.metadata.uid;
  delete metadata.selfLink;
  tidyMetadata(draft);
}

function prepareMain(context: ApiContext, resource: Resource, draft: KubeObject, old: KubeObject): void {
  if (resource.status !== "none") {
    if (old["status"] === undefined) delete draft["status"];
    else draft["status"] = old["status"];
  }
  refuseInvalid(
    refusedKind(resource),
    old.metadata.name,
    resource.prepareUpdate?.(draft, old, context) ?? [],
  );
  const inputs = resource.generationInputs;
  if (inputs !== undefined && !deepEqual(inputs(draft), inputs(old))) {
    draft.metadata.generation = (old.metadata.generation ?? 0) + 1;
  }
}

function prepareStatus(context: ApiContext, resource: Resource, draft: KubeObject, old: KubeObject): void {
  for (const field of Object.keys(draft)) if (!(field in old) && field !== "status") delete draft[field];
  for (const [field, value] of Object.entries(old))
    if (field !== "status" && field !== "metadata") draft[field] = value;
  if (resource.statusKeepsMetadata === true) {
    const { managedFields } = draft.metadata;
    draft.metadata = { ...old.metadata, ...(managedFields === undefined ? {} : { managedFields }) };
  }
  if (resource.statusKeepsLabels === true) {
    if (old.metadata.labels === undefined) delete draft.metadata.labels;
    else draft.metadata.labels = old.metadata.labels;
  }
  refuseInvalid(
    refusedKind(resource),
    old.metadata.name,
    resource.prepareStatus?.(draft, old, context) ?? [],
  );
}

/** A no-op is not written; an object whose last finalizer went while it waited for deletion is removed. */
function commit(
  context: ApiContext,
  resource: Resource,
  stored: StoredObject,
  draft: KubeObject,
  options: WriteOptions,
): StoredObject {
  draft.apiVersion = resource.storedAs;
  const gone = shouldDeleteDuringUpdate(resource, draft, stored.object);
  if (!gone && isSame(draft, stored.object)) return stored;
  return replaceObject(context, resource, stored, draft, { ...options, gone });
}

/**
 * Whether a write would change nothing, or only when managers wrote: who applies the same again does not write.
 * https://github.com/kubernetes/apiserver/blob/v0.36.3/pkg/endpoints/handlers/fieldmanager/equality.go
 */
function isSame(draft: KubeObject, old: KubeObject): boolean {
  const { managedFields } = old.metadata;
  if (!sameButTimes(draft.metadata.managedFields, managedFields)) return false;
  return deepEqual({ ...draft, metadata: { ...draft.metadata, managedFields } }, old);
}

/** https://github.com/kubernetes/apiserver/blob/master/pkg/registry/generic/registry/store.go */
function shouldDeleteDuringUpdate(resource: Resource, draft: KubeObject, old: KubeObject): boolean {
  if ((draft.metadata.finalizers ?? []).length > 0 || old.metadata.deletionTimestamp === undefined)
    return false;
  if (resource.holds?.(draft) === true) return false;
  return (old.metadata.deletionGracePeriodSeconds ?? 0) === 0;
}
