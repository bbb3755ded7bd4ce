import { isConditionTrue, timestamp, type CustomResourceDefinition } from "@seaworthy/kube";
import type { ApiContext } from "../api-context.ts";
import type { Behavior, Resource } from "../resource.ts";
import type { StoredObject } from "../store/stored-object.ts";
import type { Deletion, DeletionOptions } from "../verbs/deletion.ts";
import { replaceObject } from "../verbs/replace-object.ts";
import type { WriteOptions } from "../verbs/write-options.ts";
import { setCondition } from "./set-condition.ts";

/** The finalizer that holds a definition until its objects are gone. */
export const cleanupFinalizer = "customresourcecleanup.apiextensions.k8s.io";

/**
 * Definitions: the server says in which versions objects may be stored, and a deletion waits for the objects
 * (k8s.io/apiextensions-apiserver/pkg/registry/customresourcedefinition). What follows from a definition is the
 * business of `followDefinitions`.
 */
export const definitionBehavior: Behavior = {
  prepareCreate(draft) {
    const definition = draft as CustomResourceDefinition;
    const stored = storageVersionOf(definition);
    const storedVersions = stored === undefined ? [] : [stored];
    definition.status = { conditions: null, acceptedNames: { plural: "", kind: "" }, storedVersions };
    return [];
  },
  prepareUpdate(draft) {
    const definition = draft as CustomResourceDefinition;
    const stored = storageVersionOf(definition);
    const before = definition.status?.storedVersions ?? [];
    if (stored !== undefined && !before.includes(stored))
      definition.status = { ...definition.status, storedVersions: [...before, stored] };
    return [];
  },
  interceptDelete: beginDeletion,
};

function storageVersionOf({ spec }: CustomResourceDefinition): string | undefined {
  return (spec?.versions ?? []).find(({ storage }) => storage)?.name;
}

function beginDeletion(
  context: ApiContext,
  resource: Resource,
  stored: StoredObject,
  options: DeletionOptions & WriteOptions,
): Deletion | undefined {
  const draft = stored.copy() as CustomResourceDefinition;
  if (draft.metadata.deletionTimestamp !== undefined) return undefined;
  draft.metadata.deletionTimestamp = timestamp(context.clock.now());
  const finalizers = draft.metadata.finalizers ?? [];
  if (!finalizers.includes(cleanupFinalizer)) draft.metadata.finalizers = [...finalizers, cleanupFinalizer];
  if (!isConditionTrue(draft, "Terminating"))
    setCondition(draft, context.clock.now(), {
      type: "Terminating",
      status: "True",
      reason: "InstanceDeletionPending",
      message: "CustomResourceDefinition marked for deletion; CustomResource deletion will begin soon",
    });
  const object = replaceObject(context, resource, stored, draft, { ...options, gone: false });
  return { object, gone: false };
}
