import type { KubeObject } from "@seaworthy/kube";
import type { ApiContext } from "../api-context.ts";
import type { WriteOptions } from "./write-options.ts";
import type { Resource } from "../resource.ts";
import { StoredObject } from "../store/stored-object.ts";

/**
 * Puts `draft` in the place of `stored`; with `gone` it is the last state of an object that is taken out, in one write and
 * one event. A dry run only says what would be.
 */
export function replaceObject(
  { store }: ApiContext,
  resource: Resource,
  stored: StoredObject,
  draft: KubeObject,
  { dryRun, gone }: WriteOptions & { readonly gone: boolean },
): StoredObject {
  if (dryRun) return new StoredObject(stored.key, stored.revision, draft);
  if (!gone) return store.put(resource.collection, stored.key, draft);
  return store.remove(resource.collection, stored.key, draft) ?? stored;
}
