import type { Namespace } from "@seaworthy/kube";
import type { ApiContext } from "../api-context.ts";
import { forbidden } from "../http/status-error.ts";
import type { Resource } from "../resource.ts";
import type { StoredObject } from "../store/stored-object.ts";
import type { WriteOptions } from "../verbs/write-options.ts";
import type { Deletion, DeletionOptions } from "../verbs/deletion.ts";
import { markAsDeleting } from "../verbs/delete-object.ts";
import { replaceObject } from "../verbs/replace-object.ts";

const permanentNamespaces = new Set(["default", "kube-system", "kube-public"]);

/** A namespace first becomes Terminating; only when its content is gone may it be deleted (undefined: now). */
export function deleteNamespace(
  context: ApiContext,
  resource: Resource,
  stored: StoredObject,
  options: DeletionOptions & WriteOptions,
): Deletion | undefined {
  const { name } = stored.object.metadata;
  if (permanentNamespaces.has(name))
    throw forbidden(resource.type, name, "this namespace may not be deleted");
  const draft = stored.copy() as Namespace;
  if (draft.metadata.deletionTimestamp === undefined) {
    markAsDeleting(context, draft);
    delete draft.metadata.deletionGracePeriodSeconds;
    draft.status = { ...draft.status, phase: "Terminating" };
    return {
      object: replaceObject(context, resource, stored, draft, { ...options, gone: false }),
      gone: false,
    };
  }
  return (draft.spec?.finalizers ?? []).length > 0 ? { object: stored, gone: false } : undefined;
}
